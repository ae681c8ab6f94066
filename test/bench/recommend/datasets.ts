import { historyLog, pastOf } from "../../../app/recommendation/history-log.ts";
import type { DataSet, Question } from "./data-set.ts";
import { readInvoices } from "./invoices.ts";
import { textOf } from "./text-of.ts";

export type Protocol = "sessions" | "sequences" | "baskets" | "invoices";

/**
 * The data set that the options name.
 * @throws a sentence that says which options a protocol takes.
 */
export function readDataSet(options: Record<string, string>): {
  protocol: Protocol;
  data: DataSet;
  freshShare?: number;
} {
  const file = (name: string): string => {
    const path = options[name];
    if (path === undefined) throw new Error(`--protocol ${options["protocol"]} needs --${name} FILE.`);
    return path;
  };
  switch (options["protocol"]) {
    case "sessions":
      return { protocol: "sessions", data: readSessions(file("train"), file("test")) };
    case "sequences":
      return {
        protocol: "sequences",
        data: readSequences(file("data"), Number(options["as-views"] ?? 0), options["views"] !== "ignored"),
      };
    case "baskets":
      return { protocol: "baskets", data: readBaskets(file("history"), file("future")) };
    case "invoices":
      return { protocol: "invoices", ...readInvoices(file("data"), Number(options["days"] ?? 30)) };
    default:
      throw new Error(
        "recommend takes --protocol sessions --train FILE --test FILE, --protocol sequences --data FILE, " +
          "--protocol baskets --history FILE --future FILE, or --protocol invoices --data FILE [--days 30].",
      );
  }
}

/** Sessions, one a line, oldest to newest; questions `prefix TAB target`. */
function readSessions(trainFile: string, testFile: string): DataSet {
  const index = new Map<string, number>();
  const histories = linesOf(trainFile).map((line) => line.split(/\s+/).map((item) => [indexOf(index, item)]));
  const questions = linesOf(testFile).map((line): Question => {
    const [prefix = "", target = ""] = line.split("\t");
    const known = prefix
      .trim()
      .split(/\s+/)
      .map((item) => index.get(item));
    return {
      past: pastOf(known.filter((item) => item !== undefined).map((item) => [item])),
      truth: [index.get(target.trim()) ?? -1],
      history: -1,
    };
  });
  return { train: historyLog(histories, index.size), questions, withoutSeen: false, views: null };
}

/**
 * One user a line, `user item item …` by time: the last item is the question, what was seen before is left out of the list.
 * @param asViews share of the users who count as visitors: they bought nothing, and looked at their items in one session; ten in a
 * thousand is 0.01. The same users are asked about whatever `withViews` says
 */
function readSequences(file: string, asViews: number, withViews: boolean): DataSet {
  const index = new Map<string, number>();
  const users = linesOf(file).map((line) =>
    line
      .split(/\s+/)
      .slice(1)
      .map((item) => indexOf(index, item)),
  );
  const isVisitor = (at: number): boolean => (at * 7919) % 1000 < asViews * 1000;
  const buyers = users.filter((_, at) => !isVisitor(at));
  const visitors = users.filter((_, at) => isVisitor(at)).map((items) => items.map((item) => [item]));
  const train = buyers.map((items) => items.slice(0, -1).map((item) => [item]));
  return {
    train: historyLog(train, index.size),
    views: visitors.length > 0 && withViews ? historyLog(visitors, index.size) : null,
    questions: buyers.flatMap((items, history) =>
      items.length < 2 ? [] : [{ past: pastOf(train[history]!), truth: items.slice(-1), history }],
    ),
    withoutSeen: true,
  };
}

/** `{"user": [[-1], [item, …], …, [-1]]}` twice: the baskets before, and the next one, which is the question. */
function readBaskets(historyFile: string, futureFile: string): DataSet {
  const before = JSON.parse(textOf(historyFile)) as Record<string, number[][]>;
  const after = JSON.parse(textOf(futureFile)) as Record<string, number[][]>;
  const index = new Map<string, number>();
  const users = Object.keys(before);
  const train = users.map((user) =>
    basketsOf(before[user]!).map((basket) => basket.map((item) => indexOf(index, item))),
  );
  const questions = users.flatMap((user, history): Question[] => {
    const next = basketsOf(after[user] ?? [])[0];
    if (next === undefined || train[history]!.length === 0) return [];
    return [{ past: pastOf(train[history]!), truth: next.map((item) => index.get(String(item)) ?? -1), history }];
  });
  return { train: historyLog(train, index.size), questions, withoutSeen: false, views: null };
}

function basketsOf(baskets: number[][]): string[][] {
  return baskets
    .map((basket) => [...new Set(basket.filter((item) => item !== -1).map(String))])
    .filter((basket) => basket.length > 0);
}

function indexOf(index: Map<string, number>, item: string): number {
  const known = index.get(item);
  if (known !== undefined) return known;
  index.set(item, index.size);
  return index.size - 1;
}

function linesOf(file: string): string[] {
  return textOf(file)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
