import type { Format } from "../../platform/format.ts";
import { KEPT_KINDS, KEPT_LIMITS, type KeptKind, type Retention } from "../../privacy/retention.ts";
import type { ReadsViews } from "../../jobs/retention.server.ts";
import { t } from "../../texts/text.ts";
import { KEPT_MEANING, KEPT_NAMES } from "./retention-words.ts";

export interface RetentionView {
  kinds: KeptView[];
}

export interface KeptView {
  kind: KeptKind;
  name: string;
  meaning: string;
  /** As typed; empty: without end. */
  days: string;
  limits: string;
  least: number;
  most: number;
  /** Whether it may be kept without end. */
  endless: boolean;
  /** Why it is kept for longer than was chosen; null: it is not. */
  remark: string | null;
}

export function retentionView(
  { retention, held }: { retention: Retention; held: ReadsViews | null },
  format: Format,
): RetentionView {
  return {
    kinds: KEPT_KINDS.map((kind) => {
      const { usual, least, most } = KEPT_LIMITS[kind];
      const figures = { least: format.number(least), most: format.number(most), usual: format.number(usual ?? 0) };
      return {
        kind,
        name: t(KEPT_NAMES[kind]),
        meaning: t(KEPT_MEANING[kind]),
        days: retention[kind] === null ? "" : String(retention[kind]),
        limits:
          usual === null
            ? t("{least} to {most} days. Empty: until the person is erased.", figures)
            : t("{least} to {most} days; {usual} is usual.", figures),
        least,
        most,
        endless: usual === null,
        remark: kind === "views" && held ? heldRemark(held, format) : null,
      };
    }),
  };
}

function heldRemark({ name, days }: ReadsViews, format: Format): string {
  return days === null
    ? t("Nothing of it goes for now: the segment “{name}” counts whatever visitors ever did.", { name })
    : t("It is kept for longer for now: the segment “{name}” counts the last {days} days.", {
        name,
        days: format.number(days),
      });
}

/** How much is older, in a sentence. */
export function olderWords({ count, more }: { count: number; more: boolean }, days: number, format: Format): string {
  const figures = { count: format.number(count), days: format.number(days) };
  if (more) return t("More than {count} are older than {days} days, and go within a day.", figures);
  return count === 0
    ? t("Nothing is older than {days} days yet.", figures)
    : t("About {count} are older than {days} days, and go within a day.", figures);
}
