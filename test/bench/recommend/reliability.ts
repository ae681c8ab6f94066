import { contest } from "../../../app/recommendation/blend/confidence.ts";
import type { Ranked } from "../../../app/recommendation/blend/rank.ts";
import type { Figure } from "../figure.ts";
import type { Question } from "./data-set.ts";

const ENDS = [0.5, 0.6, 0.7, 0.8, 0.9, 1.01];

/** Asks and keeps the books on how sure Muster was and how the contest with the fallback went. */
export function keepReliability(ask: (question: Question, n: number) => Ranked) {
  const cases: { confidence: number; won: boolean }[] = [];
  return {
    ask(question: Question): Int32Array {
      const { items, confidence, fallback } = ask(question, 20);
      const outcome = contest(items.subarray(0, 10), fallback.subarray(0, 10), new Set(question.truth));
      if (outcome !== "undecided") cases.push({ confidence, won: outcome === "won" });
      return items;
    },
    /** Of the decided contests, by what was promised: how many, what was promised on average, and what came true. */
    table(): Figure[] {
      const rows = ENDS.map((end, k) => ({
        name: `${ENDS[k - 1] ?? 0}–${Math.min(1, end)}`,
        within: cases.filter(({ confidence }) => confidence < end && confidence >= (ENDS[k - 1] ?? 0)),
      }));
      rows.push({ name: "at 0.8 or more", within: cases.filter(({ confidence }) => confidence >= 0.8) });
      return rows
        .filter(({ within }) => within.length > 0)
        .flatMap(({ name, within }) => {
          const line = (what: string, value: number, unit: string): Figure => ({
            bench: "recommend",
            method: "muster",
            figure: `confidence ${name}: ${what}`,
            value: Number(value.toFixed(4)),
            unit,
          });
          const mean = (of: (one: (typeof cases)[number]) => number) =>
            within.reduce((sum, one) => sum + of(one), 0) / within.length;
          return [
            line("decided", within.length, "cases"),
            line(
              "promised",
              mean(({ confidence }) => confidence),
              "share",
            ),
            line(
              "beat the fallback",
              mean(({ won }) => Number(won)),
              "share",
            ),
          ];
        });
    },
  };
}
