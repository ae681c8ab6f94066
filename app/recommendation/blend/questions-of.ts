import { basketCount, cutLog, historyCount, type HistoryLog, pastItems } from "../history-log.ts";
import type { Question } from "./evidence.ts";

/** A question whose answer is known: the basket that came next. */
export interface AnsweredQuestion extends Question {
  truth: Int32Array;
}

/** Where lists are shown: to a visitor, whose session is the past, or to a customer, whose orders are. */
export type Placement = "visit" | "order";

const MOST = 20_000;
/** Questions times entries of the log: of a large log, where each costs more, fewer are asked, but 8,000 at least. */
const WORK = 20_000_000_000;

/** Of visits, the newest part that is asked about. */
const NEWEST = 0.15;

/**
 * The validation slice: what was known earlier, and the questions that came after. Of visits the newest sessions with each of
 * their steps; of orders each customer's last basket (of many customers, every second, third …).
 */
export function questionsOf(
  log: HistoryLog,
  placement: Placement,
): { before: HistoryLog; questions: AnsweredQuestion[] } {
  return placement === "visit" ? stepsOfNewest(log) : lastBaskets(log);
}

function stepsOfNewest(log: HistoryLog) {
  const count = historyCount(log);
  const ends = Int32Array.from({ length: count }, (_, history) => basketCount(log, history));
  const questions: AnsweredQuestion[] = [];
  const most = mostOf(log);
  for (let history = count - 1; history >= count * (1 - NEWEST) && questions.length < most; history--) {
    ends[history] = 0;
    for (let step = 1; step < basketCount(log, history); step++) questions.push(question(log, history, step, -1));
  }
  return { before: cutLog(log, ends), questions };
}

function lastBaskets(log: HistoryLog) {
  const count = historyCount(log);
  const ends = Int32Array.from({ length: count }, (_, history) => {
    const baskets = basketCount(log, history);
    return baskets < 2 ? baskets : baskets - 1;
  });
  const asked = [...ends.keys()].filter((history) => basketCount(log, history) >= 2);
  const stride = Math.ceil(asked.length / mostOf(log));
  const questions = asked
    .filter((_, turn) => turn % stride === 0)
    .map((history) => question(log, history, ends[history]!, history));
  return { before: cutLog(log, ends), questions };
}

function question(log: HistoryLog, history: number, step: number, own: number): AnsweredQuestion {
  const basket = log.historyStart[history]! + step;
  const truth = log.entries.slice(log.basketStart[basket]!, log.basketStart[basket + 1]!);
  return { past: pastItems(log, history, step), history: own, truth };
}

function mostOf(log: HistoryLog): number {
  return Math.min(MOST, Math.max(8_000, Math.floor(WORK / log.entries.length)));
}
