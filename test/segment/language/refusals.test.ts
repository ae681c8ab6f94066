import { describe, expect, it } from "vitest";
import { describeProblem } from "../../../app/segment/language/diagnostics.ts";
import { createDictionary } from "../../../app/segment/language/dictionary.ts";
import { parseText, type Reading } from "../../../app/segment/language/parse-text.ts";
import { readSql } from "../../../app/segment/language/read-sql.ts";
import { speaking } from "../../../app/texts/speech.server.ts";
import { REFUSED_SQL, REFUSED_TEXTS, type RefusedRule } from "./refused-rules.ts";

const dictionary = createDictionary();

function firstProblem(reading: Reading, source: string): { at: string; says: string } {
  if (reading.outcome === "read") throw new Error(`read: ${source}`);
  const [problem] = reading.problems;
  expect(problem.start).toBeLessThanOrEqual(problem.end);
  expect(problem.end).toBeLessThanOrEqual(source.length);
  return { at: `${problem.line}:${problem.column}`, says: problem.message };
}

it("knows at least two hundred ways to be wrong", () => {
  expect(new Set([...REFUSED_TEXTS, ...REFUSED_SQL].map(({ source }) => source)).size).toBeGreaterThanOrEqual(300);
});

describe("text", () => {
  it.each(REFUSED_TEXTS)("$source", ({ source, at, says }) => {
    expect(firstProblem(parseText(source, dictionary), source)).toEqual({ at, says });
  });

  it("tells every unknown name at once", () => {
    const reading = parseText(
      "amount_spnt > 5 AND customer_tag CONTAINS 'x' OR orders_placed MATCHES (cout > 1)",
      dictionary,
    );
    expect(reading.outcome === "refused" && reading.problems.map(describeProblem)).toEqual([
      "Line 1 Column 1: There is no attribute 'amount_spnt'; did you mean amount_spent?",
      "Line 1 Column 21: There is no attribute 'customer_tag'; did you mean customer_tags?",
      "Line 1 Column 73: orders_placed has no parameter 'cout'; did you mean count?",
    ]);
  });

  it("says what to write in the place", () => {
    const reading = parseText("customer_tags = 'vip'", dictionary);
    expect(reading.outcome === "refused" && reading.problems[0]).toEqual({
      line: 1,
      column: 15,
      start: 14,
      end: 15,
      message: "customer_tags is a list; write CONTAINS instead of =.",
      suggestion: "CONTAINS",
    });
  });
});

describe("sql", () => {
  it.each(REFUSED_SQL)("$source", async ({ source, at, says }) => {
    expect(firstProblem(await readSql(source, dictionary), source)).toEqual({ at, says });
  });
});

describe("in German", () => {
  const english = / (a|is|are|has|have|needs|takes|cannot|expected|must|no|not|the|of|and|or|with|only|after) /;
  const spoken = async ({ source, at, says }: RefusedRule, reading: Promise<Reading>) => {
    const told = firstProblem(await reading, source);
    expect(told.at).toBe(at);
    return told.says === says || english.test(told.says.replace(/^Das ist kein SQL: .*$/s, "")) ? [told.says] : [];
  };

  it("says the same in the same place", async () => {
    const left = await speaking("de", () =>
      Promise.all([
        ...REFUSED_TEXTS.map((one) => spoken(one, Promise.resolve(parseText(one.source, dictionary)))),
        ...REFUSED_SQL.map((one) => spoken(one, readSql(one.source, dictionary))),
      ]),
    );
    expect(left.flat()).toEqual([]);
  });

  it("keeps what is to be written instead as it is", () => {
    const reading = speaking("de", () => parseText("orders_placed MATCHES (date > -30d, amont > 5)", dictionary));
    expect(reading.outcome === "refused" && reading.problems[0]).toMatchObject({
      message: "orders_placed hat keinen Parameter „amont“; meinten Sie amount?",
      suggestion: "amount",
    });
  });
});
