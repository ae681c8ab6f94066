import { z } from "zod";
import { PLACEMENTS } from "../proxy-request.ts";

/** Clocks of browsers are wrong, and pages stay open; what is further away happened when it came in. */
const OLDEST_MS = 24 * 3_600_000;
const NEWEST_MS = 60_000;
const EVENTS_AT_ONCE = 50;

const name = (what: string, most: number) =>
  z.string().regex(new RegExp(`^[\\w:.-]{1,${most}}$`), `has to be ${what}: letters, digits and -_:., at most ${most}`);

const event = z.object({
  /** The browser's own name for it, never used again. */
  id: z.string().regex(/^[\w-]{16,64}$/, "has to be 16 to 64 letters, digits, - and _, and new for each event"),
  kind: z.enum(["shown", "clicked", "added", "not_for_me"], "has to be shown, clicked, added or not_for_me"),
  placement: z.enum(PLACEMENTS, `has to be one of ${PLACEMENTS.join(", ")}`),
  /** `list` of the answer that was shown. */
  list: name("the list's name", 64),
  product: z.string().regex(/^\d{1,18}$/, "has to be a product id, a number"),
  arm: name("the arm's name", 32).nullish(),
  /** It stood where new products are tried out. */
  explored: z.boolean().optional(),
  at: z.iso.datetime({ error: "has to be an instant such as 2026-11-01T12:00:00.000Z" }).optional(),
});

/** What the storefront's script sends. */
export const feedbackMessageSchema = z.object({
  /** The browser's id; only with the visitor's consent to analytics. */
  client: z
    .string()
    .regex(/^[\w-]{16,64}$/, "has to be 16 to 64 letters, digits, - and _")
    .nullish(),
  /** The token of the browser's cart, of which a signed order may tell whose it was; one that cannot be read is no reason to lose the rest. */
  cart: z
    .string()
    .transform((token) => token.split("?", 1)[0] ?? "")
    .pipe(z.string().regex(/^[\w-]{8,100}$/))
    .nullish()
    .catch(null),
  events: z.array(event).min(1, "may not be empty").max(EVENTS_AT_ONCE, `may have ${EVENTS_AT_ONCE} entries at once`),
});
export type FeedbackMessage = z.infer<typeof feedbackMessageSchema>;

/** @param told when the browser says it was @param now real time */
export function happenedAt(told: string | undefined, now: Date): Date {
  const at = told === undefined ? now.getTime() : new Date(told).getTime();
  return at > now.getTime() + NEWEST_MS || at < now.getTime() - OLDEST_MS ? now : new Date(at);
}
