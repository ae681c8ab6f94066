import type { ProfileDetails } from "../../jobs/admin-reads.server.ts";
import { writeCursor } from "../../platform/cursor.ts";
import type { Format } from "../../platform/format.ts";
import { TIMELINE_PARTS, type TimelinePart } from "../../profile/timeline-parts.ts";
import type { TimelineEntry } from "../../profile/timeline-store.server.ts";
import { adminUrl } from "./admin-url.ts";
import { nameWords } from "../rule/words.ts";
import type { Status } from "../status-badge.tsx";
import { t, tn, type Text } from "../../texts/text.ts";

export interface TimelineView {
  entries: TimelineEntryView[];
  /** Cursor for what is older; null: nothing is. */
  older: string | null;
  /** What is shown alone, as it stands in the address; empty: everything. */
  part: TimelinePart | "";
}

/** What can be shown alone, and everything first. */
export function timelineParts(): { value: TimelinePart | ""; label: string }[] {
  return [{ value: "", label: t("Everything") }, ...TIMELINE_PARTS.map((value) => ({ value, label: t(PARTS[value]) }))];
}

const PARTS: Record<TimelinePart, Text> = {
  orders: "Orders and refunds",
  carts: "Carts and checkouts",
  visits: "Visits and searches",
  emails: "E-mails",
  told: "From your own systems",
  segments: "Segments",
};

export interface TimelineEntryView {
  /** Unique in the page. */
  id: string;
  /** The calendar day in the shop's time zone. */
  day: string;
  iso: string;
  time: string;
  relative: string;
  badge: Status;
  what: string;
  /** Its page in Shopify's admin; null: it has none. */
  url: string | null;
  amount: string | null;
}

export function timelineView(
  {
    timeline: { entries, more },
    timelinePart,
    now,
    shop,
  }: Pick<ProfileDetails, "timeline" | "timelinePart" | "now" | "shop">,
  format: Format,
): TimelineView {
  const last = entries.at(-1);
  return {
    part: timelinePart ?? "",
    entries: entries.map((entry) => ({
      id: `${entry.key}@${entry.at.getTime()}`,
      day: format.day(entry.at),
      iso: entry.at.toISOString(),
      time: format.time(entry.at),
      relative: format.relative(entry.at, now),
      ...describe(entry, format),
      url: entry.kind === "order" ? `${adminUrl(shop.domain)}/orders/${entry.key.replace(/^.*:/, "")}` : null,
    })),
    older: more && last ? writeCursor({ at: last.at, key: last.key }) : null,
  };
}

function describe(entry: TimelineEntry, format: Format): Pick<TimelineEntryView, "badge" | "what" | "amount"> {
  switch (entry.kind) {
    case "order":
      return {
        badge: badgeOf(ORDER_BADGES[entry.state]),
        what: [
          entry.name ?? t("Without a name"),
          ...(entry.lines > 0 ? [counted(format, entry.lines, "{count} line", "{count} lines")] : []),
        ].join(", "),
        amount: format.money(entry.grossMinor, entry.currency),
      };
    case "refund":
      return {
        badge: { tone: "warning", text: t("Refund") },
        what:
          entry.orderName === null ? t("For an order without a name") : t("For {order}", { order: entry.orderName }),
        amount: format.money(-entry.amountMinor, entry.currency),
      };
    case "checkout":
      return {
        badge: badgeOf(CHECKOUT_BADGES[entry.outcome]),
        what: counted(format, entry.items, "{count} item", "{count} items"),
        amount: entry.totalMinor !== null && entry.currency ? format.money(entry.totalMinor, entry.currency) : null,
      };
    case "cart":
      return {
        badge: { tone: null, text: t("Cart") },
        what: counted(format, entry.items, "{count} item", "{count} items"),
        amount: null,
      };
    case "event":
      return { badge: { tone: null, text: nameWords(entry.event) }, what: entry.about ?? "", amount: null };
    case "entered":
      return {
        badge: { tone: "info", text: t("Segment") },
        what: t("Entered {segment}", { segment: entry.segment }),
        amount: null,
      };
    case "left":
      return {
        badge: { tone: null, text: t("Segment") },
        what: t("Left {segment}", { segment: entry.segment }),
        amount: null,
      };
  }
}

const ORDER_BADGES = {
  counts: { tone: "success", text: "Order" },
  cancelled: { tone: null, text: "Cancelled order" },
  test: { tone: null, text: "Test order" },
} as const;

const CHECKOUT_BADGES = {
  completed: { tone: null, text: "Completed checkout" },
  abandoned: { tone: "attention", text: "Abandoned checkout" },
  open: { tone: null, text: "Open checkout" },
} as const;

function badgeOf({ tone, text }: { tone: Status["tone"]; text: Text }): Status {
  return { tone, text: t(text) };
}

function counted(format: Format, count: number, one: Text, many: Text): string {
  return tn(count, one, many, { count: format.number(count) });
}
