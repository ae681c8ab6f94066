import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import type { ValidateFunction } from "ajv";
import type { Call } from "./call.ts";
import { Problem, invalidResource } from "./problem.ts";

const contract = JSON.parse(readFileSync(new URL("../../contracts/mailchimp.json", import.meta.url), "utf8")) as {
  bodies: Record<string, object>;
};
const ajv = new Ajv({ strict: false });
ajv.addSchema(contract, "mailchimp.json");
const validators = new Map<string, ValidateFunction>();

/** The request's body, checked against the schema named after the operation. Fields without a schema are ignored. */
export function readBody<T>(call: Call): T {
  let parsed: unknown;
  try {
    parsed = JSON.parse(call.request.body.toString("utf8"));
  } catch {
    throw new Problem(400, "JSON Parse Error", "We encountered an unspecified JSON parsing error.");
  }
  let validate = validators.get(call.operation);
  if (validate === undefined) {
    validate = ajv.compile({ $ref: `mailchimp.json#/bodies/${call.operation}` });
    validators.set(call.operation, validate);
  }
  if (validate(parsed)) return parsed as T;
  const error = validate.errors?.[0];
  const field = String(error?.params["missingProperty"] ?? error?.instancePath.slice(1).replaceAll("/", ".") ?? "");
  throw invalidResource(
    "The resource submitted could not be validated. For field-specific details, see the 'errors' array.",
    [{ field, message: error?.keyword === "required" ? "Required field left blank." : (error?.message ?? "") }],
  );
}
