import { z } from "zod";
import { TRY_AGAIN } from "../answers.ts";
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

/** The first of Klaviyo's `errors`; null: these are not Klaviyo's words. Of what is too large the status says it all. */
export function readRefusal(error: Refused): Refusal | null {
  const parsed = shape.safeParse(error.body);
  if (!parsed.success) return error.status === 413 ? { code: "http_413", words: "", pointer: "" } : null;
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

/** It is what was sent that will not do, and not the place it was sent to or the state something there is in. */
export function blamesRequest({ status }: Refused): boolean {
  return status === 400 || status === 409 || status === 413 || status === 422;
}

/** What a refusal says of the one person that was asked about: only Klaviyo's own words, of what was sent of them, are one of the person. */
export function refusedAlone(error: Refused): MemberOutcome {
  const refusal = readRefusal(error);
  return refusal !== null && blamesRequest(error) ? rejected(refusal) : TRY_AGAIN;
}

/** Of a row of a job: it says which of the person's fields is at fault. */
export function namesField({ pointer }: Refusal): boolean {
  return /\/profiles\/data\/\d+\/attributes\/./.test(pointer);
}

export function rejected({ code, words }: Refusal): MemberOutcome {
  return { outcome: "rejected", code, words };
}
