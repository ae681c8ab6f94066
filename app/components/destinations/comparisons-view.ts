import type { Format } from "../../platform/format.ts";
import type { ReconcileReport } from "../../sync/account-for.ts";
import { exceptionWords } from "../audience-words.ts";
import { t, type Text } from "../../texts/text.ts";

export interface ComparisonsView {
  destinationId: number;
  segment: string;
  comparisons: ComparisonView[];
}

export interface ComparisonView {
  id: string;
  at: string;
  members: string;
  audience: string;
  /** Whether they are equal, and what differs. */
  found: string;
  path: string | null;
}

export function comparisonsView(
  found: {
    destinationId: number;
    segmentName: string;
    comparisons: readonly { id: string; at: Date; report: ReconcileReport; path: string | null }[];
  },
  format: Format,
): ComparisonsView {
  return {
    destinationId: found.destinationId,
    segment: found.segmentName,
    comparisons: found.comparisons.map(({ id, at, report, path }) => ({
      id,
      at: format.instant(at),
      members: format.number(report.members),
      audience: format.number(report.audience),
      found: [
        ...differences(report, format),
        ...Object.entries(report.exceptions).map(([name, count]) => `${format.number(count)} ${exceptionWords(name)}`),
      ].join(" \u00b7 "),
      path,
    })),
  };
}

/** What a comparison found, without who. */
export function comparisonFigures(report: ReconcileReport, format: Format): string[] {
  const { members, audience } = report;
  const figures = { members: format.number(members), audience: format.number(audience) };
  return [t("{members} in the segment, {audience} in the list", figures), ...differences(report, format)];
}

function differences({ equal, missing, extra, repaired }: ReconcileReport, format: Format): string[] {
  const counted = (count: number, text: Text): string[] =>
    count === 0 ? [] : [t(text, { count: format.number(count) })];
  return [
    ...(equal ? [t("they are equal, but for the exceptions")] : []),
    ...counted(missing, "{count} missing"),
    ...counted(extra, "{count} too many"),
    ...counted(repaired, "{count} put right"),
  ];
}
