import fc from "fast-check";
import { expect, it } from "vitest";
import { parseText } from "../../../app/segment/language/parse-text.ts";
import { printSql } from "../../../app/segment/language/print-sql.ts";
import { printText } from "../../../app/segment/language/print-text.ts";
import { readSql } from "../../../app/segment/language/read-sql.ts";
import { ruleSchema } from "../../../app/segment/language/tree.ts";
import { arbitraryRule, dictionary } from "../arbitrary-rule.ts";

const numRuns = process.env["MUSTER_LONG"] ? 50_000 : 3_000;

it("any rule goes to text, to SQL and to JSON and comes back as an equal tree", async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRule, async (rule) => {
      expect(parseText(printText(rule), dictionary)).toEqual({ outcome: "read", rule });
      expect(await readSql(printSql(rule, dictionary), dictionary)).toEqual({ outcome: "read", rule });
      expect(ruleSchema.parse(JSON.parse(JSON.stringify(rule)))).toEqual(rule);
    }),
    { numRuns },
  );
}, 600_000);
