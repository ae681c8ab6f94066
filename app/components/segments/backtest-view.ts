import type { SegmentAdmin } from "../../jobs/segment-admin.server.ts";
import type { Format } from "../../platform/format.ts";
import { describeProblem } from "../../segment/language/diagnostics.ts";

export type BacktestView =
  | { outcome: "refused"; problems: string[] }
  | { outcome: "found"; points: { day: string; members: number; shown: string; entered: string; left: string }[] };

export function backtestView(answer: Awaited<ReturnType<SegmentAdmin["backtest"]>>, format: Format): BacktestView {
  switch (answer.outcome) {
    case "unknown_shop":
      return { outcome: "refused", problems: ["Muster does not know this shop any more."] };
    case "refused":
      return { outcome: "refused", problems: answer.problems.map(describeProblem) };
    case "found":
      return {
        outcome: "found",
        points: answer.points.map(({ at, members, entered, left }) => ({
          day: format.day(at),
          members,
          shown: format.number(members),
          entered: format.number(entered),
          left: format.number(left),
        })),
      };
  }
}
