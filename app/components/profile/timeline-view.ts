import type { ProfileDetails } from "../../jobs/admin-reads.server.ts";
import { writeCursor } from "../../platform/cursor.ts";
import type { Format } from "../../platform/format.ts";
import type { TimelineEntry } from "../../profile/timeline-store.server.ts";
import { nameWords } from "../rule/words.ts";
import type { Status } from "../status-badge.tsx";

export interface TimelineView {
  entries: TimelineEntryView[];
  /** Cursor for what is older; null: nothing is. */
  older: string | null;
}

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
  amount: string | null;
}

export function timelineView({ entries, more }: ProfileDetails["timeline"], format: Format, now: Date): TimelineView {
  const last = entries.at(-1);
  return {
    entries: entries.map((entry) => ({
      id: `${entry.key}@${entry.at.getTime()}`,
      day: format.day(entry.at),
      iso: entry.at.toISOString(),
      time: format.time(entry.at),
      relative: format.relative(entry.at, now),
      ...describe(entry, format),
    })),
    older: more && last ? writeCursor({ at: last.at, key: last.key }) : null,
  };
}

function describe(entry: TimelineEntry, format: Format): Pick<TimelineEntryView, "badge" | "what" | "amount"> {
  switch (entry.kind) {
    case "order":
      return {
        badge: ORDER_BADGES[entry.state],
        what: [
          entry.name ?? "Without a name",
          ...(entry.lines > 0 ? [counted(format, entry.lines, "line", "lines")] : []),
        ].join(", "),
        amount: format.money(entry.grossMinor, entry.currency),
      };
    case "refund":
      return {
        badge: { tone: "warning", text: "Refund" },
        what: `For ${entry.orderName ?? "an order without a name"}`,
        amount: format.money(-entry.amountMinor, entry.currency),
      };
    case "checkout":
      return {
        badge: CHECKOUT_BADGES[entry.outcome],
        what: counted(format, entry.items, "item", "items"),
        amount: entry.totalMinor !== null && entry.currency ? format.money(entry.totalMinor, entry.currency) : null,
      };
    case "cart":
      return {
        badge: { tone: null, text: "Cart" },
        what: counted(format, entry.items, "item", "items"),
        amount: null,
      };
    case "event":
      return { badge: { tone: null, text: nameWords(entry.event) }, what: entry.about ?? "", amount: null };
    case "entered":
      return { badge: { tone: "info", text: "Segment" }, what: `Entered ${entry.segment}`, amount: null };
    case "left":
      return { badge: { tone: null, text: "Segment" }, what: `Left ${entry.segment}`, amount: null };
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

function counted(format: Format, count: number, one: string, many: string): string {
  return `${format.number(count)} ${count === 1 ? one : many}`;
}
