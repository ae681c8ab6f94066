import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createExportAdmin } from "../../app/jobs/export-admin.server.ts";
import { createCrypto } from "../../app/platform/crypto.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { buildPart } from "../../app/sync/csv/build-export.server.ts";
import { csvLine } from "../../app/sync/csv/csv-line.ts";
import { askForExport, exportsToBuild, findExport } from "../../app/sync/csv/exports-store.server.ts";
import { readRange } from "../../app/sync/csv/read-range.ts";
import { createWorld, crowd, type World } from "./world.ts";
import { openTestDatabase } from "../support/database.ts";

let db: Db;
let world: World;
beforeAll(async () => {
  // Whose parts are small.
  db = await openTestDatabase();
  world = await createWorld(db, "klaviyo");
});
afterAll(async () => {
  await world.vendor.close();
  await db.close();
});

test("a line keeps what is in its cells, and no spreadsheet takes a name for a formula", () => {
  expect(csvLine(["7", 'Ada "the" Lovelace, Countess', null, 0, -1, "two\nlines"])).toBe(
    '7,"Ada ""the"" Lovelace, Countess",,0,-1,"two\nlines"\r\n',
  );
  expect(csvLine(["=HYPERLINK(1)", "+49", "@x", "-x"])).toBe("'=HYPERLINK(1),'+49,'@x,'-x\r\n");
});

test.each([
  [null, { start: 0, end: 99, whole: true }],
  ["bytes=0-9", { start: 0, end: 9, whole: false }],
  ["bytes=90-", { start: 90, end: 99, whole: false }],
  ["bytes=-10", { start: 90, end: 99, whole: false }],
  ["bytes=50-500", { start: 50, end: 99, whole: false }],
  ["bytes=100-", null],
  ["bytes=9-5", null],
  ["bytes=0-1,5-6", { start: 0, end: 99, whole: true }],
])("of 100 bytes %s asks for %o", (header, expected) => {
  expect(readRange(header, 100)).toEqual(expected);
});

describe("a file of a segment", () => {
  const crypto = createCrypto([randomBytes(32).toString("base64")]);
  const now = (): Date => new Date();

  test("has everybody in it once, goes on after its process died, and can be fetched from any byte on", async () => {
    const { shop, segmentId } = world;
    await world.put([...crowd(1_203), { id: 5_000, email: null, consent: "not_subscribed", firstName: "=1+1" }]);
    await world.leave([3]);
    const exportId = (await askForExport(db, shop, segmentId, now())) ?? "";
    expect((await exportsToBuild(db, now())).map(({ exportId: id }) => id)).toContain(exportId);
    expect(await buildPart({ db, shop, crypto, exportId, now })).toBe(true);

    // The second part dies after it was written and before it was committed.
    const dying: Db = {
      ...db,
      tx: (work) =>
        db.tx(async (tx) => {
          await work(tx);
          throw new Error("killed");
        }),
    };
    await expect(buildPart({ db: dying, shop, crypto, exportId, now })).rejects.toThrow("killed");
    while (await buildPart({ db, shop, crypto, exportId, now }));

    const { rows } = await db.query<{ domain: string }>("SELECT domain FROM shops WHERE id = $1", [shop]);
    const admin = createExportAdmin({ db, crypto, queue: { ring: async () => {} } as never });
    const listed = await admin.list(rows[0]?.domain ?? "", String(segmentId));
    if (listed.outcome !== "found") throw new Error(listed.outcome);
    expect(listed.exports).toMatchObject([{ people: 1_203, finishedAt: expect.any(Date) as Date }]);
    const token = listed.exports[0]?.path?.replace("/exports/", "") ?? "";
    const file = await admin.fetch(token);
    if (!file) throw new Error("there is no file");
    expect(file.name).toMatch(/^loyal-\d{4}-\d\d-\d\d\.csv$/);
    const read = async (start: number, end: number): Promise<Buffer> =>
      Buffer.concat(await Array.fromAsync((await file.bytes({ start, end })) ?? []));
    const whole = await read(0, file.size - 1);
    expect(whole.length).toBe(file.size);
    const [headings, ...lines] = whole.toString("utf8").trimEnd().split("\r\n");
    expect(headings).toMatch(/^customer_id,email,first_name,last_name,email_consent,entered_at,orders_count,spent,/);
    const ids = lines.map((line) => Number(line.split(",")[0]));
    expect(ids).toEqual([
      ...crowd(1_203)
        .map(({ id }) => id)
        .filter((id) => id !== 3),
      5_000,
    ]);
    expect(lines.at(-1)).toMatch(/^5000,,'=1\+1,,not_subscribed,/);
    for (const [start, end] of [
      [10, 10],
      [file.size >> 1, file.size - 1],
      [0, (file.size >> 1) - 1],
    ] as const)
      expect((await read(start, end)).equals(whole.subarray(start, end + 1))).toBe(true);

    expect(await admin.fetch(`${token.slice(0, -2)}AA`)).toBeNull();
    expect(await findExport(db, shop, exportId, new Date(Date.now() + 8 * 86_400_000))).toBeNull();
  });
});
