import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { recordProfiles } from "../../../app/profile/merchant-api/record-rows.server.ts";
import { NOW, startToldShop } from "./told-shop.ts";

let told: Awaited<ReturnType<typeof startToldShop>>;
beforeAll(async () => {
  told = await startToldShop();
}, 300_000);
afterAll(() => told.close());

const DAYS = 9;
const at = (day: number): string => `2026-10-${String(day + 1).padStart(2, "0")}T00:00:00Z`;

/** `plan` says something else every day, `points` and `level` mostly the same; two things may be said of one instant. */
const rows = fc.array(
  fc.nat({ max: DAYS - 1 }).chain((day) =>
    fc.record({
      day: fc.constant(day),
      traits: fc.record({
        plan: fc.constantFrom(`blue ${day}`, `gold ${day}`),
        points: fc.constantFrom(1, 1, 1, 2),
        level: fc.constantFrom("high", "high", null),
      }),
    }),
  ),
  { minLength: 1, maxLength: 12 },
);
type Row = typeof rows extends fc.Arbitrary<infer T extends unknown[]> ? T[number] : never;
const NAMES = ["plan", "points", "level"] as const;

/** Of two words of one instant the greater counts, and taking away is the least. */
function lastUpTo(words: readonly Row[], name: (typeof NAMES)[number], day: number): unknown {
  const upTo = words.filter((word) => word.day <= day);
  const last = Math.max(...upTo.map((word) => word.day));
  const said = upTo.filter((word) => word.day === last).map(({ traits }) => traits[name]);
  return said.toSorted((one, other) => (String(one ?? "") < String(other ?? "") ? 1 : -1))[0] ?? null;
}

it("of every instant the last word up to it is known, whatever order rows come in and however often they repeat", async () => {
  let shops = 0;
  let kept = 0;
  let said = 0;
  const property = fc.asyncProperty(
    fc.array(rows, { minLength: 1, maxLength: 4 }),
    fc.boolean(),
    async (given, inOrder) => {
      const shop = await told.openShop(`words-${(shops += 1)}.myshopify.com`);
      const context = { country: "GB", now: NOW };
      const options = { db: told.db, shop, marks: told.marks, context, receivedAt: NOW, keyId: null };
      const words = given.flat();
      const sent = inOrder ? [words.toSorted((one, other) => one.day - other.day)] : given;
      for (const batch of sent) {
        const told = batch.map(({ day, traits }) => ({ customer: { id: 1 }, traits, updatedAt: at(day) }));
        const answers = (await recordProfiles(options, told)).rows.map(({ outcome }) => outcome);
        expect(answers.every((outcome) => outcome === "recorded" || outcome === "unchanged")).toBe(true);
      }
      const found = await told.db.query<{ name: string; value: unknown; said_at: Date; confirmed_at: Date }>(
        "SELECT name, value, said_at, confirmed_at FROM profile_traits WHERE shop_id = $1 ORDER BY said_at",
        [shop],
      );
      for (const name of NAMES) {
        const stretches = found.rows.filter((row) => row.name === name);
        // Where a late word falls among repetitions, only the first and the last of them are known.
        for (let day = name === "plan" || inOrder ? 0 : DAYS - 1; day < DAYS; day += 1) {
          const value = stretches.filter((row) => row.said_at <= new Date(at(day))).at(-1)?.value ?? null;
          const about = JSON.stringify({ name, day, given, stretches });
          if (words.some((word) => word.day <= day)) expect(value, about).toEqual(lastUpTo(words, name, day));
          else expect(value, about).toBeNull();
        }
        stretches.forEach((row, place) => {
          expect(row.confirmed_at >= row.said_at).toBe(true);
          const next = stretches[place + 1];
          if (next) expect(row.confirmed_at < next.said_at).toBe(true);
        });
        kept += stretches.length;
        said += new Set(words.map(({ day }) => day)).size;
      }
    },
  );
  await fc.assert(property, { numRuns: process.env["MUSTER_LONG"] ? 3_000 : 60, endOnFailure: true });
  expect(kept).toBeLessThan(said * 0.9);
  expect(kept).toBeGreaterThan(said * 0.3);
}, 300_000);

it("a word that is repeated takes no room, and tells nobody that something changed", async () => {
  const key = await told.newKey();
  const put = async (updatedAt: string, points: number): Promise<unknown> => {
    const answer = await fetch(`${told.url}/api/profiles`, {
      method: "PUT",
      headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
      body: JSON.stringify({ profiles: [{ customer: { id: 77 }, traits: { points }, updatedAt }] }),
    });
    return ((await answer.json()) as { rows: { outcome: string }[] }).rows[0]?.outcome;
  };
  expect(await put(at(0), 5)).toBe("recorded");
  const queued = await told.db.query(
    "SELECT parts, attributes FROM profile_queue WHERE shop_id = $1 AND customer_id = 77",
    [told.shop],
  );
  expect(queued.rows).toEqual([{ parts: 256, attributes: ["traits.points"] }]);
  await told.db.query("DELETE FROM profile_queue WHERE shop_id = $1", [told.shop]);
  expect(await put(at(3), 5)).toBe("unchanged");
  expect((await told.db.query("SELECT FROM profile_queue WHERE shop_id = $1", [told.shop])).rows).toEqual([]);
  // It falls into the stretch between the two words of before.
  expect(await put(at(1), 6)).toBe("recorded");
  const kept = await told.db.query<{ value: number; said_at: Date; confirmed_at: Date; key_id: number | null }>(
    `SELECT t.value, said_at, confirmed_at, key_id FROM profile_traits t JOIN api_identifiers i ON i.id = t.identifier_id
     WHERE t.shop_id = $1 AND i.customer_id = 77 ORDER BY said_at`,
    [told.shop],
  );
  expect(
    kept.rows.map(({ value, said_at, confirmed_at }) => [value, said_at.getUTCDate(), confirmed_at.getUTCDate()]),
  ).toEqual([
    [5, 1, 1],
    [6, 2, 2],
    [5, 4, 4],
  ]);
  expect(kept.rows.every(({ key_id }) => typeof key_id === "number")).toBe(true);
});
