import { z } from "zod";
import type { MemberOutcome } from "../destination.ts";
import { withoutAddresses } from "../http.ts";
import type { Refused } from "../retry-classes.ts";

export interface Refusal {
  code: string;
  words: string;
  /** The request field that is at fault, e.g. `/data/attributes/external_id`, or an empty string. */
  pointer: string;
}

const shape = z.object({
  errors: z.tuple(
    [
      z.object({
        code: z.string(),
        title: z.string().nullish(),
        detail: z.string().nullish(),
        source: z.object({ pointer: z.string().nullish() }).nullish(),
      }),
    ],
    z.unknown(),
  ),
});

/** The first of Klaviyo's `errors`. */
export function readRefusal(error: Refused): Refusal {
  const parsed = shape.safeParse(error.body);
  if (!parsed.success) return { code: `http_${error.status}`, words: "", pointer: "" };
  const [{ code, title, detail, source }] = parsed.data.errors;
  return { code, words: withoutAddresses(detail ?? title ?? ""), pointer: source?.pointer ?? "" };
}

/**
 * The external id belongs to another profile already: the person is still worth having, without it. An address finds its own
 * profile, so of the identifiers sent only the external id can clash.
 */
export function isAboutExternalId({ code, pointer }: Refusal): boolean {
  return code === "duplicate_profile" || pointer.includes("external_id");
}

export function rejected({ code, words }: Refusal): MemberOutcome {
  return { outcome: "rejected", code, words };
}
