import type { ProfileDetails } from "../../jobs/admin-reads.server.ts";
import type { Format } from "../../platform/format.ts";
import type { ConsentSaid } from "../../sync/consent/history-store.server.ts";
import type { Sent } from "../../sync/member-pages-store.server.ts";
import { destinationName } from "../audience-words.ts";
import { consentWords } from "../profile-words.ts";
import { showInstant, type ShownInstant } from "../shown-instant.tsx";
import type { Status } from "../status-badge.tsx";
import { t, told, type Text } from "../../texts/text.ts";

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
      channel: said.channel === "email" ? t("E-mail") : CHANNELS[said.channel],
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

const CHANNELS = { sms: "SMS", whatsapp: "WhatsApp" } as const;
/** Shopify's CustomerMarketingOptInLevel, in lower case. */
const LEVELS: Record<string, Text> = {
  single_opt_in: "single opt-in",
  confirmed_opt_in: "confirmed opt-in",
  unknown: "how is not known",
};
const REASONS: Record<string, Text> = {
  bounce: "mails bounced",
  complaint: "marked as spam",
  invalid: "no address that can be mailed",
  suppressed: "suppressed there",
};

function sourceWords({ source, account, told: isTold, optInLevel, reason }: ConsentSaid): string {
  const level = optInLevel === null ? null : LEVELS[optInLevel.toLowerCase()];
  const why = reason === null ? undefined : REASONS[reason];
  return [
    whoSaid(source, account, isTold),
    ...(level === null ? [] : [level === undefined ? String(optInLevel) : t(level)]),
    ...(why === undefined ? [] : [t(why)]),
  ].join(", ");
}

function whoSaid(source: ConsentSaid["source"], account: string | null, isTold: boolean): string {
  if (source === "shop") return isTold ? t("Muster told your shop") : t("In your shop");
  const [kind = ""] = source.split(":");
  const name = [destinationName(kind), account].filter(Boolean).join(": ");
  return isTold ? t("Muster told {name}", { name }) : t("At {name}", { name });
}

/** What was sent in the merchant's words; the outcomes are those of `sync/pass-log.ts` and of events. */
function sentWords({ outcome, answer, segmentName }: Sent): Pick<SentView, "what" | "answer" | "detail"> {
  if (outcome.startsWith("event ")) {
    const what =
      outcome === "event entered"
        ? t("Event: entered {segment}", { segment: segmentName })
        : t("Event: left {segment}", { segment: segmentName });
    if (answer === "sent") return { what, answer: done(), detail: null };
    if (answer === "waiting") return { what, answer: waits(), detail: null };
    if (answer === "no_permission")
      return { what, answer: waits(), detail: t("The key lacks the permission to write events.") };
    return { what, answer: refused(), detail: answer };
  }
  const [word = "", words = null] = outcome.split(/: (.*)/s);
  switch (word) {
    case "added":
      return { what: t("Added to {segment}", { segment: segmentName }), answer: done(), detail: null };
    case "updated":
      return { what: t("Updated in {segment}", { segment: segmentName }), answer: done(), detail: null };
    case "removed":
      return { what: t("Removed from {segment}", { segment: segmentName }), answer: done(), detail: null };
    case "refused":
      return {
        what: t("Addition to {segment}", { segment: segmentName }),
        answer: refused(),
        detail: words && told(words.replaceAll("_", " ")),
      };
    case "not sent":
      return {
        what: t("Addition to {segment}", { segment: segmentName }),
        answer: { tone: "warning", text: t("Not sent") },
        detail: words && told(words.replaceAll("_", " ")),
      };
    case "removal not answered, sent again":
      return { what: t("Removal from {segment}", { segment: segmentName }), answer: again(), detail: null };
    default:
      return { what: t("Addition to {segment}", { segment: segmentName }), answer: again(), detail: null };
  }
}

const done = (): Status => ({ tone: "success", text: t("Done") });
const refused = (): Status => ({ tone: "critical", text: t("Refused") });
const again = (): Status => ({ tone: "attention", text: t("No answer, sent again") });
const waits = (): Status => ({ tone: "info", text: t("Waits") });
