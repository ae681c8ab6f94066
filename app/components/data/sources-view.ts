import type { QualityAnswer } from "../../jobs/admin-reads.server.ts";
import type { Sources } from "../../jobs/sources.server.ts";
import type { Format } from "../../platform/format.ts";
import { t, tn } from "../../texts/text.ts";
import { destinationName } from "../audience-words.ts";
import { historyView } from "../overview/history-view.ts";
import type { Status } from "../status-badge.tsx";

/** One of the places from which facts come. */
export interface SourceView {
  key: string;
  name: string;
  state: Status;
  lines: string[];
  /** Where more is to be seen, or it is mended; null: nowhere. */
  link: { text: string; url: string; outside: boolean } | null;
}

/** What waits less long than this is being worked on. */
const BEHIND_AFTER_MS = 30_000;

export function sourcesView(
  { sources, shop, now, real }: Extract<QualityAnswer, { outcome: "found" }>,
  format: Format,
): SourceView[] {
  return [
    webhooks(sources.webhooks, format, real),
    past(sources.history, format, real),
    pixel(sources.pixel, shop.domain, format, now),
    ...sources.platforms.map((one) => platform(one, format, real)),
    systems(sources.keys, format, real),
  ];
}

const works = (): Status => ({ tone: "success", text: t("Works") });
const nothingYet = (): Status => ({ tone: null, text: t("Nothing yet") });

function webhooks({ last, waiting }: Sources["webhooks"], format: Format, real: Date): SourceView {
  const age = waiting.oldestAt === null ? 0 : real.getTime() - waiting.oldestAt.getTime();
  const isBehind = waiting.waiting > 0 && age > BEHIND_AFTER_MS;
  const values = { count: format.number(waiting.waiting), age: format.duration(age) };
  return {
    key: "webhooks",
    name: t("What happens in Shopify"),
    state: isBehind ? { tone: "warning", text: t("Behind") } : last === null ? nothingYet() : works(),
    lines: [
      last === null
        ? t("No delivery has come yet")
        : t("The last delivery came {when}", { when: format.relative(last, real) }),
      ...(isBehind
        ? [
            tn(
              waiting.waiting,
              "{count} delivery is waiting to be read, the oldest for {age}.",
              "{count} deliveries are waiting to be read, the oldest for {age}.",
              values,
            ),
          ]
        : []),
    ],
    link: null,
  };
}

function past(history: Sources["history"], format: Format, real: Date): SourceView {
  const name = t("What happened before Muster");
  if (history === null)
    return {
      key: "past",
      name,
      state: nothingYet(),
      lines: [t("It begins by itself at the installation.")],
      link: null,
    };
  const { state, percent, progress, remarks, errors } = historyView(history, format, real);
  const states: Record<typeof state, Status> = {
    done: { tone: "success", text: t("Complete") },
    failed: { tone: "critical", text: t("Not complete") },
    "under way": { tone: "info", text: format.percent(percent) },
  };
  return {
    key: "past",
    name,
    state: states[state],
    lines: [progress, ...errors, ...remarks],
    link: state === "failed" ? { text: t("See what is missing"), url: "/app#history", outside: false } : null,
  };
}

function pixel({ isOn, last }: Sources["pixel"], shopDomain: string, format: Format, now: Date): SourceView {
  return {
    key: "pixel",
    name: t("What visitors look at"),
    state: !isOn ? { tone: "warning", text: t("Off|a source") } : last === null ? nothingYet() : works(),
    lines: [
      isOn
        ? t("The web pixel is on.")
        : t("Muster switches its web pixel on by itself. Where it is missing, Shopify’s list of pixels says why."),
      ...(last === null ? [] : [t("The last page was opened {when}.", { when: format.relative(last, now) })]),
    ],
    link: {
      text: t("Open customer events"),
      url: `https://${shopDomain}/admin/settings/customer_events`,
      outside: true,
    },
  };
}

function platform(
  { id, kind, account, paused, readAt }: Sources["platforms"][number],
  format: Format,
  real: Date,
): SourceView {
  const name = [destinationName(kind), account].filter(Boolean).join(": ");
  return {
    key: String(id),
    name,
    state: paused ? { tone: "critical", text: t("Paused") } : readAt === null ? nothingYet() : works(),
    lines: [
      readAt === null
        ? t("Opens, clicks and unsubscribes were not read yet.")
        : t("Opens, clicks and unsubscribes were read {when}.", { when: format.relative(readAt, real) }),
    ],
    link: { text: t("Open"), url: `/app/destinations/${id}`, outside: false },
  };
}

function systems({ count, lastUsedAt }: Sources["keys"], format: Format, real: Date): SourceView {
  return {
    key: "systems",
    name: t("Your own systems"),
    state: lastUsedAt === null ? nothingYet() : works(),
    lines: [
      count === 0
        ? t("None of your own systems sends events or traits.")
        : tn(count, "{count} key works.", "{count} keys work.", { count: format.number(count) }),
      ...(lastUsedAt === null ? [] : [t("The last was used {when}.", { when: format.relative(lastUsedAt, real) })]),
    ],
    link: { text: t("API keys"), url: "/app/data/api-keys", outside: false },
  };
}
