import type { Audience, MergeField } from "./audience.ts";
import { invalidResource } from "./problem.ts";
import type { FieldError } from "./problem.ts";

const MAX_MERGE_FIELDS = 30;
const MAX_TEXT_BYTES = 255;

/**
 * The values to store, by tag; "" clears. Tags the audience does not have are ignored, as Mailchimp ignores them.
 * @throws Problem for a value that does not fit its field, or a required one that is missing
 */
export function checkMergeFields(
  audience: Audience,
  sent: Record<string, unknown>,
  { requireAll }: { requireAll: boolean },
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const errors: FieldError[] = [];
  for (const field of audience.mergeFields) {
    const value = sent[field.tag];
    const message = value === undefined ? missing(field, requireAll) : misfit(field, value);
    if (message !== null) errors.push({ field: field.tag, message });
    else if (value !== undefined) values[field.tag] = value;
  }
  if (errors.length > 0) throw invalidResource("Your merge fields were invalid.", errors);
  return values;
}

export function addMergeField(
  audience: Audience,
  body: { name: string; type: string; tag?: string; required?: boolean; public?: boolean; default_value?: string },
): MergeField {
  if (audience.mergeFields.length >= MAX_MERGE_FIELDS) {
    throw invalidResource(`An audience has at most ${MAX_MERGE_FIELDS} merge fields.`);
  }
  const merge_id = Math.max(4, ...audience.mergeFields.map((field) => field.merge_id)) + 1;
  const tag = body.tag ?? `MMERGE${merge_id}`;
  if (audience.mergeFields.some((field) => field.tag === tag) || tag === "EMAIL") {
    const message = "A merge field with this tag already exists.";
    throw invalidResource(message, [{ field: "tag", message }]);
  }
  const field: MergeField = {
    merge_id,
    tag,
    name: body.name,
    type: body.type,
    required: body.required ?? false,
    public: body.public ?? true,
    default_value: body.default_value ?? "",
  };
  audience.mergeFields.push(field);
  return field;
}

function missing(field: MergeField, requireAll: boolean): string | null {
  return requireAll && field.required ? "Please enter a value" : null;
}

function misfit(field: MergeField, value: unknown): string | null {
  if (value === "") return field.required ? "Please enter a value" : null;
  if (field.type === "address") return typeof value === "object" && value !== null ? null : "Please enter an address";
  if (typeof value !== "string" && typeof value !== "number") return "This value should be a string or a number.";
  if (field.type === "number") return Number.isFinite(Number(value)) ? null : "This value should be a number.";
  if (Buffer.byteLength(String(value)) > MAX_TEXT_BYTES) return `This value is longer than ${MAX_TEXT_BYTES} bytes.`;
  const isUrl = field.type === "url" || field.type === "imageurl";
  return isUrl && !URL.canParse(String(value)) ? "This value should be a URL." : null;
}
