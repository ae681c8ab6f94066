import path from "node:path";
import { describe, expect, it } from "vitest";
import { findDuplicates } from "../../../app/profile/duplicates/find-duplicates.ts";
import { readLabelled } from "../../bench/identity/labelled-records.ts";
import { calibration, pairwiseQuality, sameValue } from "../../bench/identity/measure.ts";
import { sharedDir } from "../../support/services.ts";
import { DIRTY, FILTHY, inventPeople, TIDY } from "./people.ts";

const shared = sharedDir("likely duplicates in files with the truth in them");

describe("likely duplicates among people who never were", () => {
  it.each([
    { shape: "shop", dirt: TIDY, f1: 0.98, error: 0.04 },
    { shape: "shop", dirt: DIRTY, f1: 0.93, error: 0.04 },
    { shape: "register", dirt: TIDY, f1: 0.98, error: 0.04 },
    { shape: "register", dirt: DIRTY, f1: 0.9, error: 0.06 },
    { shape: "register", dirt: { ...TIDY, records: 2, moved: 0.3 }, f1: 0.95, error: 0.04 },
    { shape: "shop", dirt: { ...TIDY, household: 0.4, moved: 0.3 }, f1: 0.94, error: 0.04 },
    { shape: "archive", dirt: DIRTY, f1: 0.92, error: 0.04 },
    { shape: "archive", dirt: FILTHY, f1: 0.8, error: 0.15 },
  ] as const)("are found in a $shape with $dirt.records records a person, and as sure as is said", (row) => {
    const people = inventPeople(Math.round(1000 / row.dirt.records), row.shape, row.dirt, 11);
    const found = findDuplicates(people.columns, people.rows);
    expect(pairwiseQuality(found.person, people.truth).f1).toBeGreaterThan(row.f1);
    expect(calibration(found, people.truth).error).toBeLessThan(row.error);
  });

  it("are not seen in two of one house, who share name and address", () => {
    const household = { ...TIDY, household: 0.5, records: 1.2 };
    const people = inventPeople(600, "shop", household, 5);
    const found = findDuplicates(people.columns, people.rows);
    expect(pairwiseQuality(found.person, people.truth).precision).toBeGreaterThan(0.95);
  });

  it("are the same whenever they are looked for, and nobody's where there is nobody", () => {
    const { columns, rows } = inventPeople(60, "shop", DIRTY, 3);
    expect(findDuplicates(columns, rows)).toEqual(findDuplicates(columns, rows));
    expect(findDuplicates(columns, []).person).toHaveLength(0);
    expect([...findDuplicates(columns, [rows[0]!]).person]).toEqual([0]);
    expect([...findDuplicates(["Email"], [[""], [""]]).person]).toEqual([0, 1]);
  });
});

describe.skipIf(shared === undefined)("likely duplicates in files with the truth in them", () => {
  it.each(process.env["MUSTER_LONG"] === "1" ? ["dataset1", "dataset2"] : ["dataset1"])(
    "febrl %s without its numbers",
    (name) => {
      const file = path.join(shared!, "data", "febrl", `${name}.csv.gz`);
      const { columns, rows, truth } = readLabelled(file, ["soc_sec_id"], "rec_id");
      const found = findDuplicates(columns, rows);
      expect(pairwiseQuality(found.person, truth).f1).toBeGreaterThanOrEqual(0.98);
      expect(calibration(found, truth).error).toBeLessThanOrEqual(0.03);
    },
  );

  it("splink's thousand, far better than equal addresses", () => {
    const file = path.join(shared!, "data", "splink_fake_1000", "fake_1000.csv.gz");
    const { columns, rows, truth } = readLabelled(file, [], "cluster");
    const byAddress = pairwiseQuality(sameValue(rows, columns.indexOf("email")), truth).f1;
    const found = pairwiseQuality(findDuplicates(columns, rows).person, truth).f1;
    expect(found).toBeGreaterThan(byAddress + 0.3);
    expect(found).toBeGreaterThan(0.96);
  });
});
