import { z } from "zod";
import { TRY_AGAIN } from "../answers.ts";
import type { MemberOutcome } from "../destination.ts";
import { withoutAddresses } from "../http.ts";
import { PauseAudience, Refused } from "../retry-classes.ts";
import type { BatchError } from "./client.ts";

const problem = z.object({ title: z.string(), detail: z.string().nullish() });

/**
 * A problem document (`application/problem+json`) by its title, the one part Mailchimp keeps stable. Without one these are not Mailchimp's
 * words, and say nothing of the person; of what is too large the status says it all.
 */
export function rejectedBy(error: Refused): MemberOutcome {
  const parsed = problem.safeParse(error.body);
  if (!parsed.success) return error.status === 413 ? { outcome: "rejected", code: "http_413", words: "" } : TRY_AGAIN;
  const { title, detail } = parsed.data;
  return { outcome: "rejected", code: codeOf(title), words: withoutAddresses(detail ?? "") };
}

/** Both are final: the person themselves has to come back (compliance state), or nobody can bring them back. */
const FINAL: readonly [RegExp, string][] = [
  [/compliance state/i, "member_in_compliance_state"],
  [/permanently deleted/i, "forgotten_email_not_subscribed"],
];

/** A row of a batch that was answered 200. Its code says next to nothing (ERROR_GENERIC), its words do, in part. */
export function rejectedRow({ error, error_code, field }: BatchError): MemberOutcome {
  const words = withoutAddresses(error);
  const final = FINAL.find(([pattern]) => pattern.test(error));
  if (final) return { outcome: "rejected", code: final[1], words };
  const code = codeOf(error_code ?? "ERROR_GENERIC");
  if (field) return { outcome: "rejected", code, words };
  return { ...TRY_AGAIN, orReject: { code, words } };
}

export function isMissing(error: unknown): boolean {
  return error instanceof Refused && error.status === 404;
}

export function segmentGone(): PauseAudience {
  return new PauseAudience("The tag was deleted at Mailchimp");
}

function codeOf(title: string): string {
  return title.trim().toLowerCase().replace(/\W+/g, "_");
}
