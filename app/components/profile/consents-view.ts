import type { ProfileDetails } from "../../jobs/admin-reads.server.ts";
import type { Format } from "../../platform/format.ts";
import type { ConsentSaid } from "../../sync/consent/history-store.server.ts";
import type { Sent } from "../../sync/member-pages-store.server.ts";
import { destinationName } from "../audience-words.ts";
import { consentWords } from "../profile-words.ts";
import { showInstant, type ShownInstant } from "../shown-instant.tsx";
import type { Status } from "../status-badge.tsx";

export interface ConsentSaidView {
  key: string;
  channel: string;
  state: Status;
  /** Who said it, how it was given and why it ended. */
  source: string;
  at: ShownInstant;
}

export interface SentView {
  key: string;
  what: string;
  /** What came back. */
  answer: Status;
  detail: string | null;
  destination: string;
  at: ShownInstant;
  /** The log of the connection, looked through for the person. */
  log: string;
}

export function consentsView(
  { consents, sent, profile, realNow }: ProfileDetails,
  format: Format,
): { consents: ConsentSaidView[]; sent: SentView[] } {
  return {
    consents: consents.map((said, place) => ({
      key: String(place),
      channel: CHANNELS[said.channel],
      state: consentWords(said.state),
      source: sourceWords(said),
      at: showInstant(format, said.at, realNow),
    })),
    sent: sent.map((one, place) => ({
      key: String(place),
      ...sentWords(one),
      destination: [destinationName(one.kind), one.accountName].filter(Boolean).join(": "),
      at: showInstant(format, one.at, realNow),
      log: `/app/destinations/${one.destinationId}/log?query=${profile.customerId}`,
    })),
  };
}

const CHANNELS: Record<ConsentSaid["channel"], string> = { email: "E-mail", sms: "SMS", whatsapp: "WhatsApp" };
/** Shopify's CustomerMarketingOptInLevel, in lower case. */
const LEVELS: Record<string, string> = {
  single_opt_in: "single opt-in",
  confirmed_opt_in: "confirmed opt-in",
  unknown: "how is not known",
};
const REASONS: Record<string, string> = {
  bounce: "mails bounced",
  complaint: "marked as spam",
  invalid: "no address that can be mailed",
  suppressed: "suppressed there",
};

function sourceWords({ source, told, optInLevel, reason }: ConsentSaid): string {
  const where = source === "shop" ? "your shop" : destinationName(source);
  const level = optInLevel === null ? [] : [LEVELS[optInLevel.toLowerCase()] ?? optInLevel];
  const why = reason === null ? [] : (REASONS[reason] ?? []);
  return [
    told ? `Muster told ${where}` : source === "shop" ? "In your shop" : `At ${where}`,
    ...level,
    ...[why].flat(),
  ].join(", ");
}

/** What was sent in the merchant's words; the outcomes are those of `sync/pass-log.ts` and of events. */
function sentWords({ outcome, answer, segmentName }: Sent): Pick<SentView, "what" | "answer" | "detail"> {
  if (outcome.startsWith("event ")) {
    const what = outcome === "event entered" ? `Event: entered ${segmentName}` : `Event: left ${segmentName}`;
    if (answer === "sent") return { what, answer: DONE, detail: null };
    if (answer === "waiting") return { what, answer: WAITS, detail: null };
    if (answer === "no_permission")
      return { what, answer: WAITS, detail: "The key lacks the permission to write events." };
    return { what, answer: REFUSED, detail: answer };
  }
  const [word = "", words = null] = outcome.split(/: (.*)/s);
  switch (word) {
    case "added":
      return { what: `Added to ${segmentName}`, answer: DONE, detail: null };
    case "updated":
      return { what: `Updated in ${segmentName}`, answer: DONE, detail: null };
    case "removed":
      return { what: `Removed from ${segmentName}`, answer: DONE, detail: null };
    case "refused":
      return { what: `Addition to ${segmentName}`, answer: REFUSED, detail: words && words.replaceAll("_", " ") };
    case "not sent":
      return {
        what: `Addition to ${segmentName}`,
        answer: { tone: "warning", text: "Not sent" },
        detail: words && words.replaceAll("_", " "),
      };
    case "removal not answered, sent again":
      return { what: `Removal from ${segmentName}`, answer: AGAIN, detail: null };
    default:
      return { what: `Addition to ${segmentName}`, answer: AGAIN, detail: null };
  }
}

const DONE: Status = { tone: "success", text: "Done" };
const REFUSED: Status = { tone: "critical", text: "Refused" };
const AGAIN: Status = { tone: "attention", text: "No answer, sent again" };
const WAITS: Status = { tone: "info", text: "Waits" };
