import { randomUUID } from "node:crypto";
import type { Answer } from "../http.ts";

export interface Problem {
  status: number;
  code: string;
  title: string;
  detail: string;
  source?: { pointer?: string; parameter?: string };
  meta?: Record<string, unknown>;
}

/** Thrown by an operation; becomes one error of Klaviyo's JSON:API shape. */
export class Refusal extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

export function errorAnswer(problem: Problem, headers: Record<string, string> = {}): Answer {
  const { source = { pointer: "/data/" }, meta = {}, ...rest } = problem;
  return {
    status: problem.status,
    headers,
    body: { errors: [{ id: randomUUID(), ...rest, source, links: {}, meta }] },
  };
}

export function invalid(detail: string, source?: Problem["source"]): Refusal {
  return new Refusal({ status: 400, code: "invalid", title: "Invalid input.", detail, ...(source ? { source } : {}) });
}

export function notFound(what: string, id: string): Refusal {
  const detail = `A ${what} with id ${id} does not exist.`;
  return new Refusal({ status: 404, code: "not_found", title: "Not found.", detail });
}
