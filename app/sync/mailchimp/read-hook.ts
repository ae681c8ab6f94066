import { z } from "zod";
import { isAddress } from "../answers.ts";
import type { ConsentNews, HookCall, HookReading, HookSaid } from "../destination.ts";

const settings = z.object({ listId: z.string() });

/**
 * A call of a Mailchimp webhook: a form whose fields are `type`, `fired_at` and `data[…]`. Nothing in it is signed; that it came to the
 * address only Mailchimp was told proves it, and it has to be about the audience that is connected.
 * (https://mailchimp.com/developer/marketing/guides/sync-audience-data-webhooks/)
 */
export function readHook({ body, settings: given, receivedAt }: HookCall): HookReading {
  const form = new URLSearchParams(body.toString("utf8"));
  const type = form.get("type");
  // Mailchimp tries an address with an empty call before it is taken.
  if (type === null) return body.length === 0 ? { outcome: "nothing" } : refused;
  if (form.get("data[list_id]") !== settings.parse(given).listId) return refused;
  const said = sayingOf(type, form, receivedAt);
  if (said === "malformed") return refused;
  return said ? { outcome: "heard", said: { consents: [], moved: [], events: [], ask: false, ...said } } : nothing;
}

const refused: HookReading = { outcome: "refused", why: "bad_request" };
const nothing: HookReading = { outcome: "nothing" };

function sayingOf(type: string, form: URLSearchParams, receivedAt: Date): Partial<HookSaid> | "malformed" | null {
  const email = addressIn(form, "data[email]");
  const firedAt = readInstant(form.get("fired_at"), receivedAt);
  const ended = (at: Date, reason: string, lasting: boolean): Partial<HookSaid> | "malformed" =>
    email === null ? "malformed" : { consents: [{ email, state: "unsubscribed", at, lasting, reason }] };
  switch (type) {
    case "unsubscribe":
      if (form.get("data[reason]") === "abuse") return ended(endedAt(firedAt, receivedAt), "complaint", true);
      // Somebody at the shop deleted or archived the contact: no decision of the person's.
      if (!["unsub", null].includes(form.get("data[action]"))) return null;
      return ended(endedAt(firedAt, receivedAt), "unsubscribed", false);
    case "cleaned":
      return form.get("data[reason]") === "abuse"
        ? ended(endedAt(firedAt, receivedAt), "complaint", true)
        : ended(endedAt(firedAt, receivedAt), "bounce", true);
    case "subscribe": {
      // It undoes an unsubscribe that Mailchimp itself told of, and nothing else: nobody's consent is raised by it.
      const news: ConsentNews[] =
        email === null
          ? []
          : [{ email, state: "subscribed", at: firedAt < receivedAt ? firedAt : receivedAt, lasting: false }];
      return email === null ? "malformed" : { consents: news };
    }
    case "upemail": {
      const from = addressIn(form, "data[old_email]");
      const to = addressIn(form, "data[new_email]");
      return from === null || to === null ? "malformed" : { moved: [{ from, to }], ask: true };
    }
    case "profile":
      return { ask: true };
    default:
      return null;
  }
}

function addressIn(form: URLSearchParams, field: string): string | null {
  const address = form.get(field)?.trim().toLowerCase() ?? "";
  return isAddress(address) ? address : null;
}

/** `YYYY-MM-DD HH:mm:ss`, taken for UTC: the documents do not name a zone. */
function readInstant(text: string | null, receivedAt: Date): Date {
  const [, day, time] = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/.exec(text ?? "") ?? [];
  const at = new Date(`${day}T${time}Z`);
  return Number.isNaN(at.getTime()) ? receivedAt : at;
}

/** Mailchimp tries a call again for 75 minutes. */
const LONGEST_UNDER_WAY_MS = 2 * 3_600_000;

/** A time in another zone must not make an unsubscribe older than what it ended. */
function endedAt(firedAt: Date, receivedAt: Date): Date {
  const age = receivedAt.getTime() - firedAt.getTime();
  return age >= 0 && age <= LONGEST_UNDER_WAY_MS ? firedAt : receivedAt;
}
