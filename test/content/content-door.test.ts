import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deleteBlock, undeleteBlock } from "../../app/content/blocks-store.server.ts";
import { type ContentShop, speakIn, startContentShop } from "./content-shop.ts";
import { ENDLESS } from "./someone.ts";

let own: ContentShop;
beforeAll(async () => {
  own = await startContentShop();
}, 60_000);
afterAll(() => own?.close());

const get = (path: string): Promise<Response> => fetch(own.url + path);
const asCustomer = (handle: string, customerId: string): Promise<Response> =>
  get(own.signed(`/proxy/content/${handle}`, { logged_in_customer_id: customerId }));

describe("a block on the storefront", () => {
  const GREETING =
    "Hi {{first_name}}!{% if customer_segment == 'Interested in Product X' %} X!{% endif %} {{ recommended_products.first.title }}";
  let id: number;
  beforeAll(async () => {
    id = await own.publish("greeting", GREETING);
    await own.publish("greeting", "Elsewhere", 2);
  });

  it("speaks to the customer Shopify signed, and is kept by nobody", async () => {
    const answer = await asCustomer("greeting", "7001");
    expect(await answer.text()).toBe("Hi Anna! X! Mug");
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
  });

  it("knows a customer who was merged into another", async () => {
    expect(await (await asCustomer("greeting", "7005")).text()).toBe("Hi Anna! X! Mug");
  });

  it("uses fallbacks and what is popular for whoever is unknown, which everybody may keep for a minute", async () => {
    expect(await (await asCustomer("greeting", "7002")).text()).toBe("Hi you! Tea");
    expect(await (await asCustomer("greeting", "999")).text()).toBe("Hi you! Tea");
    const answer = await get(own.signed("/proxy/content/greeting"));
    expect(await answer.text()).toBe("Hi you! Tea");
    expect(answer.headers.get("cache-control")).toBe("public, max-age=60");
  });

  it("is the signed shop's own", async () => {
    expect(await (await get(own.signed("/proxy/content/greeting", { shop: "other.myshopify.com" }))).text()).toBe(
      "Elsewhere",
    );
  });

  it("refuses what Shopify has not signed, and takes no customer from an unsigned word", async () => {
    expect((await get("/proxy/content/greeting?shop=demo.myshopify.com")).status).toBe(401);
    const forged = own.signed("/proxy/content/greeting").concat("&logged_in_customer_id=7001");
    expect((await get(forged)).status).toBe(401);
    expect((await get(own.signed("/proxy/content/../greeting"))).status).toBe(400);
  });

  it.each([
    ["7001", "7002"],
    ["7002", "7001"],
    ["", "7001"],
  ])("refuses a customer who is named twice, once by Shopify and once by anybody: %s and %s", async (first, second) => {
    // The proxy signs the values of one name joined by commas.
    const path = own.signed("/proxy/content/greeting", { logged_in_customer_id: `${first},${second}` });
    const twice = `logged_in_customer_id=${first}&logged_in_customer_id=${second}`;
    const answer = await get(path.replace(/logged_in_customer_id=[^&]*/, twice));
    expect([answer.status, await answer.text()]).toEqual([
      400,
      "bad_request: logged_in_customer_id is given more than once.",
    ]);
  });

  it("says why in the language of the page, else in the customer's, else in the shop's, and English where there are no words", async () => {
    await own.publish("why", "{{ recommended_products.first.reason }}");
    const why = async (customerId: string, locale?: string): Promise<string> => {
      const query = { logged_in_customer_id: customerId, ...(locale !== undefined && { locale }) };
      return (await get(own.signed("/proxy/content/why", query))).text();
    };
    const german = "Weil Sie Cup gekauft haben";
    const english = "Because you bought Cup";
    expect([await why("7001"), await why(""), await why("", "de")]).toEqual([
      english,
      "Popular this week",
      "Diese Woche beliebt",
    ]);
    await speakIn(own.db, "de");
    expect([await why("7001"), await why("7001", "en"), await why("7001", "pt-BR"), await why("")]).toEqual([
      german,
      english,
      english,
      "Diese Woche beliebt",
    ]);
    await speakIn(own.db, "fr");
    const says = (locale: string) =>
      own.db.query(
        `INSERT INTO customer_locales VALUES (1, 7001, $1, now(), now(), 'd')
         ON CONFLICT (shop_id, customer_id) DO UPDATE SET locale = excluded.locale`,
        [locale],
      );
    for (const locale of ["de", "de-AT", "de_CH"]) {
      await says(locale);
      expect([locale, await why("7001"), await why("7005"), await why("")]).toEqual([
        locale,
        german,
        german,
        "Popular this week",
      ]);
    }
    await says("den");
    expect(await why("7001")).toBe(english);
    for (const locale of ["", "../de", "de,en", "de-".repeat(20)]) {
      expect(await why("7001", locale)).toBe("bad_request: locale has to be a language tag such as en or de-AT.");
    }
    await own.db.query("DELETE FROM customer_locales");
    await speakIn(own.db, null);
  });

  it("writes amounts and dates as the language of the page does, in the shop's country where it names none", async () => {
    await own.publish("spent", "{{ total_spent | money }}, {{ '2026-03-05T12:00:00Z' | date: '%e. %B' }}");
    const spent = async (locale: string): Promise<string> =>
      (await get(own.signed("/proxy/content/spent", { logged_in_customer_id: "7001", locale }))).text();
    const written = await Promise.all(["en", "de", "de-CH", "xx"].map(spent));
    expect(written.map((text) => text.replaceAll("\u00a0", " "))).toEqual([
      "£223.50,  5. March",
      "223,50 £,  5. März",
      "£ 223.50,  5. März",
      "£223.50,  5. March",
    ]);
  });

  it("is nothing where it does not exist, is deleted or was never published", async () => {
    expect(await (await asCustomer("nothing", "7001")).text()).toBe("");
    expect(await deleteBlock(own.db, own.shop, id, new Date())).toBe(true);
    expect(await (await asCustomer("greeting", "7001")).text()).toBe("");
    expect(await undeleteBlock(own.db, own.shop, id)).toBe(true);
    expect(await (await asCustomer("greeting", "7001")).text()).toBe("Hi Anna! X! Mug");
  });

  it("is nothing where it does not end, and then rests, and the log says why", async () => {
    await own.publish("endless", ENDLESS);
    const reasons = () =>
      own.logged.splice(0).map((line) => {
        const { block, reason } = JSON.parse(line) as { block: string; reason: string };
        return `${block}: ${reason}`;
      });
    reasons();
    for (const expected of ["endless: time", "endless: resting"]) {
      const answer = await asCustomer("endless", "7001");
      expect([answer.status, await answer.text()]).toEqual([200, ""]);
      expect(reasons()).toEqual([expected]);
    }
    expect(await (await asCustomer("greeting", "7001")).text()).toBe("Hi Anna! X! Mug");
  });
});
