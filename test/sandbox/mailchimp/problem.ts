import { randomUUID } from "node:crypto";
import type { Answer } from "../http.ts";

export interface FieldError {
  field: string;
  message: string;
}

/** Thrown by an operation; becomes a problem document. Clients tell problems apart by `title`. */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;
  readonly errors: FieldError[];

  constructor(status: number, title: string, detail: string, errors: FieldError[] = []) {
    super(detail);
    this.status = status;
    this.title = title;
    this.errors = errors;
  }
}

export function problemAnswer({ status, title, message, errors }: Problem): Answer {
  const type = "https://mailchimp.com/developer/marketing/docs/errors/";
  const fields = errors.length === 0 ? {} : { errors };
  return { status, body: { type, title, status, detail: message, instance: randomUUID(), ...fields } };
}

export function invalidResource(detail: string, errors: FieldError[] = []): Problem {
  return new Problem(400, "Invalid Resource", detail, errors);
}

export function notFound(): Problem {
  return new Problem(404, "Resource Not Found", "The requested resource could not be found.");
}

export function complianceState(email: string): Problem {
  const why = "is in a compliance state due to unsubscribe, bounce, or compliance review and cannot be subscribed.";
  return new Problem(400, "Member In Compliance State", `${email} ${why}`);
}

export function forgotten(email: string): Problem {
  const why =
    "was permanently deleted and cannot be re-imported. The contact must re-subscribe to get back on the list.";
  return new Problem(400, "Forgotten Email Not Subscribed", `${email} ${why}`);
}

export function memberExists(email: string): Problem {
  const why = "is already a list member. Use PUT to insert or update list members.";
  return new Problem(400, "Member Exists", `${email} ${why}`);
}
