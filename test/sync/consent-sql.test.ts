import { expect, test } from "vitest";
import { decideConsent, learn, type Register, type Statement } from "../../app/sync/consent/decide-consent.ts";
import { platformsRefuse } from "../../app/sync/consent/platforms-refuse.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { openAnyDatabase } from "../support/database.ts";

const TIMES = [1, 2, 3];
const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

/** What a platform may have said: an unsubscribe or none, a subscription or none, proven or not, lasting or not. */
const PLATFORM = [null, ...TIMES].flatMap((no) =>
  [null, ...TIMES].flatMap((yes) =>
    (yes === null ? [false] : [false, true]).flatMap((proven) =>
      (no === null ? [false] : [false, true]).map((lasting) => ({ no, yes, proven, lasting })),
    ),
  ),
);
/** Of the second platform fewer: every kind, at the times in the middle and at the end. */
const OTHER = PLATFORM.filter(({ no, yes }) => no !== 1 && yes !== 1 && yes !== 2);
const SHOP = [
  { state: "unsubscribed", yes: null, proven: false },
  { state: "pending", yes: null, proven: false },
  ...[null, ...TIMES].flatMap((yes) => [false, true].map((proven) => ({ state: "subscribed", yes, proven }))),
];

type Said = (typeof PLATFORM)[number];

test("the database refuses exactly whom the decision refuses, in every combination of what three sides said", async () => {
  const db = await openAnyDatabase();
  try {
    const cases = PLATFORM.flatMap((klaviyo) =>
      OTHER.flatMap((mailchimp) => SHOP.map((shop) => ({ klaviyo, mailchimp, shop }))),
    );
    expect(cases.length).toBeGreaterThan(5_000);
    for (const consentSync of [false, true]) {
      const { rows } = await db.query<{ id: ShopId }>(
        "INSERT INTO shops (domain, consent_sync) VALUES ($1, $2) RETURNING id",
        [`sync-${consentSync}.myshopify.com`, consentSync],
      );
      const shop = rows[0]?.id ?? 0;
      await write(shop as ShopId, cases);
      await db.query("ANALYZE platform_consents, consents, profiles");
      const { rows: answers } = await db.query<{ id: number; may: boolean }>(
        `SELECT p.customer_id::int AS id, p.email_consent = 'subscribed' AND NOT ${platformsRefuse("lower(btrim(p.email))", "p.customer_id")} AS may
         FROM profiles p WHERE p.shop_id = $1 ORDER BY p.customer_id`,
        [shop],
      );
      expect(answers).toHaveLength(cases.length);
      const differing = answers.filter(({ id, may }) => may !== decided(cases[id - 1], consentSync));
      expect(differing.slice(0, 3).map(({ id, may }) => ({ may, said: cases[id - 1] }))).toEqual([]);
      // Both answers have to occur, or nothing was compared.
      expect(new Set(answers.map(({ may }) => may)).size).toBe(2);
    }
  } finally {
    await db.close();
  }

  async function write(shop: ShopId, cases: { klaviyo: Said; mailchimp: Said; shop: (typeof SHOP)[number] }[]) {
    const people = cases.map((one, index) => ({ id: index + 1, ...one.shop, at: one.shop.yes && at(one.shop.yes) }));
    await db.query(
      `INSERT INTO profiles (shop_id, customer_id, email, email_consent, orders_count, gross_minor, refunded_minor, computed_at)
       SELECT $1, id, ' Person-' || id || '@Example.com', state, 0, 0, 0, now() FROM json_to_recordset($2::json) AS p (id bigint, state text)`,
      [shop, JSON.stringify(people)],
    );
    await db.query(
      `INSERT INTO consents (shop_id, customer_id, channel, state, opt_in_level, consented_at, source_updated_at, source_triggered_at, source_delivery)
       SELECT $1, id, 'email', state, CASE WHEN proven THEN 'single_opt_in' ELSE 'unknown' END, at, at, at, ''
       FROM json_to_recordset($2::json) AS p (id bigint, state text, proven boolean, at timestamptz) WHERE at IS NOT NULL`,
      [shop, JSON.stringify(people)],
    );
    for (const source of ["klaviyo", "mailchimp"] as const) {
      const said = cases.map((one, index) => {
        const { no, yes, proven, lasting } = one[source];
        return { id: index + 1, no: no && at(no), yes: yes && at(yes), proven, lasting };
      });
      await db.query(
        `INSERT INTO platform_consents (shop_id, channel, address, source, unsubscribed_at, subscribed_at, proven_at, lasting)
         SELECT $1, 'email', 'person-' || id || '@example.com', $2, no, yes, CASE WHEN proven THEN yes END, lasting
         FROM json_to_recordset($3::json) AS s (id int, no timestamptz, yes timestamptz, proven boolean, lasting boolean)
         WHERE no IS NOT NULL OR yes IS NOT NULL`,
        [shop, source, JSON.stringify(said)],
      );
    }
  }
});

function decided(
  one: { klaviyo: Said; mailchimp: Said; shop: (typeof SHOP)[number] } | undefined,
  consentSync: boolean,
): boolean {
  if (!one) throw new Error("no such case");
  let register: Register = new Map();
  const say = (statement: Statement): void => void (register = learn(register, statement));
  // Since when is not known: since before anything.
  if (one.shop.state === "subscribed")
    say({
      source: "shop",
      state: "subscribed",
      at: one.shop.yes === null ? new Date(0) : at(one.shop.yes),
      proven: one.shop.yes !== null && one.shop.proven,
    });
  for (const source of ["klaviyo", "mailchimp"] as const) {
    const { no, yes, proven, lasting } = one[source];
    if (no !== null) say({ source, state: "unsubscribed", at: at(no), lasting });
    if (yes !== null) say({ source, state: "subscribed", at: at(yes), proven });
  }
  return decideConsent(register, { consentSync, platforms: [] }).mayMail;
}
