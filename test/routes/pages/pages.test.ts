import type { Browser, Frame, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  chromiumPath,
  launchBrowser,
  lookAgain,
  navigate,
  openAdmin,
  openView,
  PHONE,
  type View,
} from "../../support/browser.ts";
import { nameSkip } from "../../support/skips.ts";
import { DEAD_LETTERS, DEMO_SHOP, LIKELY_PAIRS, NOW } from "./demo-shop.ts";
import { card, dialogOf, hindrances, rowsOf, wordsIn, wordsInEach } from "./read-screen.ts";
import { type Pages, startPages } from "./start-pages.ts";

if (chromiumPath === undefined) nameSkip("the admin's pages in a browser", "there is no Chromium (CHROMIUM_PATH)");

const HTTP_ERROR = /^Failed to load resource: the server responded with a status of (404|500|503) /;
/** Counts are kept for at least a second, longer where they were dear. */
const REFRESHED = { timeout: 10_000, interval: 300 };
/** Only a page that is wrong takes so long. */
const SOON = { timeout: 10_000 };

describe.skipIf(chromiumPath === undefined)("the admin's pages", () => {
  let pages: Pages;
  let browser: Browser;
  let view: View;
  let page: Page;
  let shown: Frame | undefined;

  beforeAll(async () => {
    [pages, browser] = await Promise.all([startPages(NOW), launchBrowser()]);
    view = await openView(browser);
    page = view.page;
    page.setDefaultTimeout(10_000);
  }, 120_000);
  afterAll(() => Promise.all([browser?.close(), pages?.close()]));
  /** Whatever a test has not taken away as expected is one complaint too many. */
  const expectSilence = (): void => {
    expect(view.complaints.splice(0)).toEqual([]);
    expect(pages.logged.splice(0)).toEqual([]);
  };
  afterEach(expectSilence);

  /** Loads the document anew. */
  const load = async (path: string): Promise<Frame> => (shown = await openAdmin(page, pages.admin.appPage + path));
  /** Goes there inside the app, as its own links do. */
  const open = async (path: string): Promise<Frame> => {
    if (shown === undefined || shown.isDetached()) return load(path);
    await navigate(shown, path);
    return shown;
  };
  const headline = (frame: Frame): Promise<string | null> => frame.getByRole("heading", { level: 1 }).textContent();
  /** Takes note of an answer with an error status, which a browser always complains about. */
  const forgiveHttpErrors = (): void => {
    view.complaints.splice(0, Infinity, ...view.complaints.filter((complaint) => !HTTP_ERROR.test(complaint)));
  };

  describe("before there is anything to show", () => {
    it.each(["/app", "/app/profiles", "/app/profiles/7001"])("say at %s that the shop is unknown", async (path) => {
      const frame = await open(path);
      expect(await headline(frame)).toBe("Muster does not know this shop");
      forgiveHttpErrors();
    });

    it("say what will happen, and that there are no profiles, in a shop that was just installed", async () => {
      await pages.tell({
        sql: "INSERT INTO shops (id, domain, name, currency, time_zone) VALUES (1, 'demo.myshopify.com', 'Demo store', 'GBP', 'Europe/London')",
      });
      const overview = await open("/app");
      expect(await overview.getByRole("heading", { level: 2 }).allInnerTexts()).toEqual([
        "Set Muster up",
        "Waiting for the first event from Demo store",
        "What happens then",
      ]);
      expect(await hindrances(overview)).toEqual([]);
      const profiles = await open("/app/profiles");
      expect(await profiles.getByRole("heading", { level: 2 }).innerText()).toBe("There are no profiles yet");
    });
  });

  describe("of a shop with a history", () => {
    beforeAll(async () => {
      await pages.tell({ sql: "DELETE FROM shops" });
      await pages.tell({ sql: DEMO_SHOP });
      await pages.tell({ observe: { ack: 12, membership: 84, audience: 1_500 } });
    });

    describe("overview", () => {
      it("counts the shop's profiles, orders and deliveries, and nothing of another shop", async () => {
        await pages.tell({ sql: "UPDATE inbox SET received_at = now() - interval '5 minutes'" });
        const frame = await open("/app");
        const totals = frame.getByRole("region", { name: "Totals" });
        await expect
          .poll(async () => {
            await lookAgain(frame);
            return wordsIn(totals);
          }, REFRESHED)
          .toEqual(
            [
              ["Profiles", "64"],
              ["Orders", "109", "with cancelled and test orders"],
              ["Webhooks received", "1,204", "Last one 5 minutes ago"],
              ["Waiting", "0", "None put aside"],
            ].flat(),
          );
        expect(await frame.getByText("The last delivery came 5 minutes ago; nothing is waiting.").isVisible()).toBe(
          true,
        );
        expect(await frame.getByText("Everything is up to date").isVisible()).toBe(true);
      });

      it("shows members of each segment, and who came and went in the last 24 hours of the shop's time", async () => {
        const frame = await open("/app");
        expect(await rowsOf(card(frame, "Segments"))).toEqual([
          ["Loyal", "1", "0", "0"],
          ["Lapsed", "40", "+8", "0"],
          ["Big spenders", "1", "+1", "−1"],
        ]);
      });

      it("shows who is in each audience, why others are not, how it stands and when it was compared", async () => {
        const frame = await open("/app");
        expect(await wordsIn(card(frame, "Audiences in Klaviyo"))).toEqual(
          [
            "Audiences in Klaviyo",
            "Open",
            ["Loyal", "1 of 1 in the audience", expect.stringMatching(/^Compared [45] minutes ago$/), "In step"],
            ["Lapsed", "40 of 40 in the audience", expect.stringMatching(/^Compared [45] minutes ago$/), "In step"],
            ["Big spenders", "0 of 1 in the audience", "1 without consent", "Not compared yet", "1 to send"],
          ].flat(),
        );
        expect(await wordsIn(card(frame, "Audiences in Mailchimp"))).toEqual(
          [
            "Audiences in Mailchimp",
            "Open",
            ["Loyal", "0 of 1 in the audience", "1 refused by the destination", "Not compared yet", "In step"],
            ["Lapsed", "0 of 0 in the audience", "Not compared yet", "Being built"],
            ["Big spenders", "0 of 1 in the audience", "1 without consent", "Not compared yet", "In step"],
          ].flat(),
        );
      });

      it("shows how fast the server was, and how many deliveries came twice", async () => {
        await pages.tell({ duplicates: 3 });
        const frame = await open("/app");
        expect((await wordsIn(card(frame, "Speed"))).slice(2)).toEqual(
          [
            ["Acknowledged", "delivery to answer", "12 ms", "99%: 12 ms"],
            ["Segments decided", "delivery to decision", "84 ms", "99%: 84 ms"],
            ["Audience changed", "delivery to the destination’s answer", "1.5 s", "99%: 1.5 s"],
            "3 duplicate deliveries were recognised and ignored.",
          ].flat(),
        );
      });

      it("follows the shop by itself: says what is behind, what is paused and what was put aside, and all well again", async () => {
        const frame = await open("/app");
        await pages.tell({
          sql: `UPDATE inbox SET done_at = NULL, received_at = now() - interval '3 minutes' WHERE webhook_id IN ('w1', 'w2');
                INSERT INTO profile_queue VALUES (1, 7001, now() - interval '4 minutes');
                UPDATE destinations SET state = 'paused', state_reason = 'The key was withdrawn.' WHERE id = 1;
                UPDATE audiences SET reconciled_at = now() - interval '3 days' WHERE id IN (1, 4);
                INSERT INTO dead_letters VALUES (1, 'demo.myshopify.com', 'orders/updated', 'no currency', now()),
                  (2, 'other.myshopify.com', 'orders/updated', 'no currency', now())`,
        });
        const banner = frame.locator(".Polaris-Banner");
        await expect
          .poll(async () => ((await banner.count()) > 0 ? wordsIn(banner) : []), REFRESHED)
          .toEqual([
            "Something needs your attention",
            "Klaviyo is paused. The key was withdrawn.",
            "Loyal in Mailchimp was last compared 3 days ago.",
            "2 deliveries are waiting to be read, the oldest for 3 min.",
            "1 profile is waiting to be updated, the oldest for 4 min.",
            "1 delivery of orders/updated could not be understood and is kept: no currency",
          ]);
        expect((await wordsIn(frame.getByRole("region", { name: "Totals" }))).slice(-3)).toEqual(
          [["Waiting", "3", "1 put aside"]].flat(),
        );
        expect(await card(frame, "Audiences in Klaviyo").getByText("Paused").count()).toBe(3);
        expect(await card(frame, "Audiences in Mailchimp").getByText("Paused").count()).toBe(0);
        expect(await hindrances(frame)).toEqual([]);

        await pages.tell({
          sql: `UPDATE inbox SET done_at = now(); DELETE FROM profile_queue; DELETE FROM dead_letters;
                UPDATE destinations SET state = 'live', state_reason = NULL;
                UPDATE audiences SET reconciled_at = CASE id WHEN 1 THEN now() - interval '4 minutes' END WHERE id IN (1, 4)`,
        });
        await expect
          .poll(async () => {
            await lookAgain(frame);
            return frame.getByText("Everything is up to date").count();
          }, REFRESHED)
          .toBe(1);
      });

      it("keeps its figures when they cannot be refreshed, says so, and takes it back when they can", async () => {
        const frame = await open("/app");
        await pages.tell({ failing: true });
        await lookAgain(frame);
        await frame.getByText("Muster cannot be reached at the moment").waitFor();
        expect(await frame.getByText("Everything is up to date").count()).toBe(0);
        expect((await wordsIn(frame.getByRole("region", { name: "Totals" }))).slice(0, 2)).toEqual(["Profiles", "64"]);

        await pages.tell({ failing: false });
        await lookAgain(frame);
        await frame.getByText("Everything is up to date").waitFor();
        expect(await frame.getByText("Muster cannot be reached at the moment").count()).toBe(0);
        forgiveHttpErrors();
      });
    });

    describe("search", () => {
      const names = async (frame: Frame): Promise<string[]> => frame.locator("[data-primary-link]").allInnerTexts();
      const numbered = (from: number, to: number): string[] =>
        Array.from({ length: to - from + 1 }, (_, index) => `Customer No${from + index}`);

      it("lists everyone, seen last first, with segments, orders and what was spent", async () => {
        const frame = await open("/app/profiles");
        const [anna, noor, first] = await rowsOf(frame.getByRole("table"));
        expect(anna).toEqual(["Anna Schmidt", "anna@example.com", "Loyal", "yesterday", "3", "£223.50"]);
        expect(noor).toEqual(["Noor Ünal", "noor@example.com", "Big spenders", "23 days ago", "1", "£19.99"]);
        expect(first).toEqual(["Customer No1", "customer-1@example.com", "Lapsed", "last month", "1", "£10.01"]);
      });

      it("turns pages forth and back, and leads to everyone once", async () => {
        const frame = await open("/app/profiles");
        const firstPage = ["Anna Schmidt", "Noor Ünal", ...numbered(1, 17), "Rita Regular", ...numbered(18, 47)];
        expect(await names(frame)).toEqual(firstPage);
        await frame.getByLabel("Next").click();
        await expect.poll(() => names(frame), SOON).toEqual([...numbered(48, 60), "+4915112345678"]);
        expect(await frame.getByLabel("Next").isDisabled()).toBe(true);
        await frame.getByLabel("Previous").click();
        await expect.poll(() => names(frame), SOON).toEqual(firstPage);
      });

      it("finds by what is typed: name, e-mail, phone, order or id, and puts it into the address", async () => {
        const frame = await open("/app/profiles");
        const field = frame.getByRole("searchbox");
        for (const [typed, found] of [
          ["schmidt anna", ["Anna Schmidt"]],
          ["noor@", ["Noor Ünal"]],
          ["ünal", ["Noor Ünal"]],
          ["0151 12345678", ["+4915112345678"]],
          ["#1003", ["Anna Schmidt"]],
          ["7004", ["Rita Regular"]],
          ["customer-60@", ["Customer No60"]],
        ] as const) {
          await field.fill(typed);
          await expect.poll(() => names(frame), { ...SOON, message: typed }).toEqual(found);
        }
        expect(new URL(page.url()).search).toBe("?query=customer-60%40");
        await page.reload();
        await page.frameLocator("iframe").getByText("Customer No60").waitFor();
      });

      it("leads to whom was clicked before the search began", async () => {
        const frame = await open("/app/profiles");
        const anna = frame.getByRole("link", { name: "Anna Schmidt" });
        await anna.hover();
        await pages.tell({ slowBy: 1_000 });
        // Both in one turn of the page: a busy machine would begin the search before a second step.
        await anna.evaluate((link: HTMLElement) => {
          const field = document.querySelector<HTMLInputElement>("input[type=search]");
          Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(field, "nobody");
          field?.dispatchEvent(new Event("input", { bubbles: true }));
          link.click();
        });
        await expect.poll(() => headline(frame), SOON).toBe("Anna Schmidt");
        await pages.tell({ slowBy: 0 });
      });

      it("says that nobody was found, and never finds who is another shop's", async () => {
        const frame = await open("/app/profiles?query=elsewhere");
        expect(await frame.getByRole("status").getByText("No profile matches “elsewhere”").isVisible()).toBe(true);
        await frame.getByRole("searchbox").focus();
        await frame.getByRole("button", { name: "Clear" }).click();
        await frame.getByText("Anna Schmidt").waitFor();
        expect(await frame.getByText("Elsewhere").count()).toBe(0);
      });
    });

    describe("profile", () => {
      it("shows totals, consent and who it is", async () => {
        const frame = await open("/app/profiles/7001");
        expect(await headline(frame)).toBe("Anna Schmidt");
        expect(await wordsIn(frame.getByRole("region", { name: "Totals" }))).toEqual(
          [
            ["Orders", "3"],
            ["Spent", "£223.50", "after refunds"],
            ["Refunded", "£25.00"],
            ["Average order", "£82.83", "before refunds"],
          ].flat(),
        );
        expect(await wordsIn(card(frame, "About"))).toEqual(
          [
            "About",
            ["E-mail", "anna@example.com"],
            ["E-mail marketing", "Subscribed"],
            ["Phone", "+447700900123"],
            ["Shopify customer id", "7001"],
          ].flat(),
        );
        expect((await wordsIn(card(frame, "Traits"))).slice(2, -2)).toEqual(
          [
            ["Number of orders", "3", "number_of_orders · from 3 orders"],
            ["Amount spent", "£223.50", "amount_spent · from 3 orders less refunds"],
            ["Average order", "£82.83", "amounts before refunds over the number of orders"],
            ["First order date", "Jan 10, 2026, 9:00 AM", "first_order_date · the first order that counts"],
            ["Last order date", "Nov 20, 2026, 6:30 PM", "last_order_date · the last order that counts"],
            [
              "Last seen date",
              "Nov 23, 2026, 8:15 AM",
              "traits.last_seen_date · the last order, cart, checkout or visit",
            ],
          ].flat(),
        );
      });

      it("shows what the person is known by, each in one spelling, and where it was told", async () => {
        const frame = await open("/app/profiles/7001");
        expect((await wordsIn(card(frame, "Identity"))).slice(2)).toEqual(
          [
            ["Shopify customer", "7001", "Customer record, Jan 10, 2026, 9:00 AM"],
            ["E-mail", "anna@example.com", "Verified, customer record, checkouts, Nov 23, 2026, 8:10 AM"],
            ["Phone", "+447700900123", "Customer record, Jan 10, 2026, 9:00 AM"],
            "Recognised by 1 cart, 2 checkouts.",
          ].flat(),
        );
      });

      it("shows what the merchant's own systems and metafields say, since when and from where", async () => {
        const before = await open("/app/profiles/7001");
        expect((await wordsIn(card(before, "Traits"))).at(-1)).toMatch(/^Your own systems have told no trait/);
        await pages.tell({
          sql: `INSERT INTO api_keys (id, shop_id, name, scopes, hash, hint, created_at) VALUES (77, 1, 'Warehouse', '{}', 'x', 'abcd', now());
            INSERT INTO api_identifiers (id, shop_id, kind, value, customer_id, pending) VALUES (1, 1, 'external_id', 'crm', 7001, false);
            INSERT INTO trait_types VALUES (1, 'tier', 'text'), (1, 'points', 'number'), (1, 'gone', 'text');
            INSERT INTO profile_traits (shop_id, identifier_id, name, value, source, key_id, said_at, confirmed_at, received_at) VALUES
              (1, 1, 'tier', '"silver"', 'api', 77, '2026-09-01 10:00Z', '2026-09-01 10:00Z', now()),
              (1, 1, 'tier', '"gold"', 'api', 77, '2026-10-01 10:00Z', '2026-11-23 12:00Z', now()),
              (1, 1, 'points', '1250', 'api', NULL, '2026-11-20 09:00Z', '2026-11-20 09:00Z', now()),
              (1, 1, 'gone', NULL, 'api', 77, '2026-11-20 09:00Z', '2026-11-20 09:00Z', now());
            INSERT INTO metafield_definitions VALUES (1, 'facts', 'birth_date', 'Birthday', 'date');
            INSERT INTO customer_metafields VALUES (1, 7001, 'facts.birth_date', '{"day":"1990-05-30"}', NULL, '2026-05-05 05:05Z', now(), now(), 'd');
            INSERT INTO customer_locales VALUES (1, 7001, 'en-GB', now(), now(), 'd');
            INSERT INTO opening_balances (shop_id, customer_id, told_orders, told_spent_minor, currency, read_at, orders_count, spent_minor)
            VALUES (1, 7001, 4, 27350, 'GBP', now(), 1, 5000);
            UPDATE profiles SET orders_count = 4, gross_minor = 29850 WHERE shop_id = 1 AND customer_id = 7001`,
        });
        const frame = await open("/app/profiles/7001");
        const words = await wordsIn(card(frame, "Traits"));
        expect(words).toContain("number_of_orders · from 3 orders, and 1 from before Muster, as Shopify tells");
        expect(words).toContain(
          "amount_spent · from 3 orders less refunds, and £50.00 from before Muster, as Shopify tells",
        );
        expect(words.slice(words.indexOf("From your own systems and metafields") + 1)).toEqual(
          [
            ["Points", "1,250", "traits.points · since Nov 20, 2026, 9:00 AM · from your own systems"],
            ["Tier", "gold", "traits.tier · since Oct 1, 2026, 11:00 AM · from Warehouse, said again yesterday"],
            [
              "Birthday",
              "1990-05-30",
              "metafields.facts.birth_date · since May 5, 2026, 6:05 AM · a metafield in Shopify",
            ],
          ].flat(),
        );
        expect(await wordsIn(card(frame, "About"))).toContain("British English");
        await pages.tell({
          sql: `DELETE FROM opening_balances;
            UPDATE profiles SET orders_count = 3, gross_minor = 24850 WHERE shop_id = 1 AND customer_id = 7001`,
        });
      });

      it("offers them where a rule is written, and says where a value is of the wrong type", async () => {
        const frame = await open("/app/segments/new");
        const text = frame.getByLabel("Rule as text");
        await text.fill("traits.points >= 'many'");
        await frame.getByText("traits.points takes a number such as 10.5, not the text 'many'.").first().waitFor();
        await text.fill("traits.point >= 5");
        await frame.getByText("did you mean traits.points?").first().waitFor();
        await text.fill("traits.points >= 5");
        await expect
          .poll(() => frame.getByRole("combobox", { name: "What it is about" }).inputValue(), SOON)
          .toBe("Points");
        await frame.getByRole("combobox", { name: "What it is about" }).click();
        await frame.getByRole("combobox", { name: "What it is about" }).fill("tier");
        await frame.getByRole("option", { name: "Tier", exact: true }).click();
        await expect.poll(() => text.innerText(), SOON).toMatch(/^traits\.tier = /);
        // Else whoever goes on is asked first.
        await page.getByRole("button", { name: "Discard", exact: true }).click();
        await page.getByText("Unsaved changes").waitFor({ state: "hidden" });
      });

      it("shows since when the segments hold the customer and held before, in the shop's time zone", async () => {
        const inLondon = await open("/app/profiles/7001");
        expect(await wordsIn(card(inLondon, "Segments"))).toEqual(
          [
            "Segments",
            ["Loyal Why", "since Nov 20, 2026, 6:30 PM"],
            "Before",
            ["Big spenders", "Nov 20, 2026, 6:30 PM to Nov 24, 2026, 9:00 AM"],
            ["Lapsed", "Apr 10, 2026, 10:00 AM to Jul 1, 2026, 12:30 AM"],
          ].flat(),
        );
        await pages.tell({ sql: "UPDATE shops SET time_zone = 'America/New_York' WHERE id = 1" });
        const inNewYork = await open("/app/profiles/7001");
        expect((await wordsIn(card(inNewYork, "Segments"))).slice(1)).toEqual(
          [
            ["Loyal Why", "since Nov 20, 2026, 1:30 PM"],
            "Before",
            ["Big spenders", "Nov 20, 2026, 1:30 PM to Nov 24, 2026, 4:00 AM"],
            ["Lapsed", "Apr 10, 2026, 5:00 AM to Jun 30, 2026, 7:30 PM"],
          ].flat(),
        );
        await pages.tell({ sql: "UPDATE shops SET time_zone = 'Europe/London' WHERE id = 1" });
      });

      it("shows what each audience holds of the customer", async () => {
        const frame = await open("/app/profiles/7001");
        expect(await wordsIn(card(frame, "Audiences"))).toEqual(
          [
            "Audiences",
            ["Loyal in Klaviyo", "In audience"],
            ["Big spenders in Klaviyo", "To be taken out", "Pending"],
            ["Loyal in Mailchimp", "The address is in a compliance state.", "Refused"],
          ].flat(),
        );
      });

      it("shows what was said of the customer's consent, and what was sent of them where and what came back", async () => {
        await pages.tell({
          sql: `INSERT INTO consent_evidence (shop_id, channel, address, source, state, reason, opt_in_level, told, at, heard_at) VALUES
            (1, 'email', 'anna@example.com', 'shop', 'subscribed', NULL, 'single_opt_in', false, '2026-11-01T10:00Z', now()),
            (1, 'email', 'anna@example.com', 'klaviyo', 'unsubscribed', 'complaint', NULL, false, '2026-11-02T10:00Z', now()),
            (1, 'email', 'anna@example.com', 'mailchimp', 'unsubscribed', 'told', NULL, true, '2026-11-03T10:00Z', now())`,
        });
        await pages.tell({
          sql: `INSERT INTO sync_log (shop_id, destination_id, audience_id, segment_name, at, added, removed, again, refused, calls, members) VALUES
            (1, 1, 1, 'Loyal', '2026-11-04T10:00Z', 1, 0, 0, 0, '[]', '{"7001": "added"}'),
            (1, 2, 4, 'Loyal', '2026-11-05T10:00Z', 0, 0, 0, 1, '[]', '{"7001": "refused: compliance_state"}')`,
        });
        await pages.tell({
          sql: `INSERT INTO segment_events (shop_id, audience_id, customer_id, change, at, backfill, outcome, done_at)
            VALUES (1, 1, 7001, 'entered', '2026-11-06T10:00Z', false, 'sent', '2026-11-06T10:00Z')`,
        });
        const frame = await open("/app/profiles/7001");
        expect(await wordsIn(card(frame, "Consent history"))).toEqual(
          [
            "Consent history",
            "E-mail",
            ["Unsubscribed", "Nov 3, 2026, 10:00 AM", "Muster told Mailchimp"],
            ["Unsubscribed", "Nov 2, 2026, 10:00 AM", "At Klaviyo, marked as spam"],
            ["Subscribed", "Nov 1, 2026, 10:00 AM", "In your shop, single opt-in"],
          ].flat(),
        );
        expect(await wordsIn(card(frame, "What was sent"))).toEqual(
          [
            "What was sent",
            ["Klaviyo", "Log"],
            ["Event: entered Loyal", "Nov 6, 2026, 10:00 AM", "Done"],
            ["Added to Loyal", "Nov 4, 2026, 10:00 AM", "Done"],
            ["Mailchimp", "Log"],
            ["Addition to Loyal", "Nov 5, 2026, 10:00 AM · compliance state", "Refused"],
          ].flat(),
        );
      });

      /** What stands below the choice of what is shown. */
      const happened = async (frame: Frame): Promise<string[]> => {
        const timeline = card(frame, "Timeline");
        const days = await timeline.getByRole("heading", { level: 3 }).allInnerTexts();
        const words = await wordsIn(timeline);
        return words.slice(words.indexOf(days[0] ?? ""));
      };

      it("tells everything that happened, newest first, by the shop's days", async () => {
        const frame = await open("/app/profiles/7001");
        expect(await happened(frame)).toEqual(
          [
            "Tuesday, November 24, 2026",
            ["9:00 AM", "Segment", "Left Big spenders"],
            "Monday, November 23, 2026",
            ["8:10 AM", "Abandoned checkout", "2 items", "£42.00"],
            "Friday, November 20, 2026",
            ["7:00 PM", "Cancelled order", "#1004", "£7.00"],
            ["6:30 PM", "Segment", "Entered Big spenders"],
            ["6:30 PM", "Segment", "Entered Loyal"],
            ["6:30 PM", "Order", "#1003, 1 line", "£100.00"],
            ["6:30 PM", "Completed checkout", "1 item", "£100.00"],
            ["6:05 PM", "Cart", "1 item"],
            "Friday, July 3, 2026",
            ["11:00 AM", "Refund", "For #1002", "-£25.00"],
            "Wednesday, July 1, 2026",
            ["12:30 AM", "Segment", "Left Lapsed"],
            ["12:30 AM", "Order", "#1002, 2 lines", "£50.00"],
            "Friday, April 10, 2026",
            ["10:00 AM", "Segment", "Entered Lapsed"],
            "Saturday, January 10, 2026",
            ["9:00 AM", "Order", "#1001, 1 line", "£98.50"],
          ].flat(),
        );
        const order = card(frame, "Timeline").getByRole("link", { name: "#1003, 1 line" });
        expect(await order.getAttribute("href")).toBe("https://admin.shopify.com/store/demo/orders/503");
      });

      it("shows what somebody looks for alone", async () => {
        await pages.tell({
          sql: `INSERT INTO events (shop_id, kind, source, source_id, occurred_at, received_at, customer_id, properties)
            SELECT 1, kind, 'pixel', kind, '2026-11-22 10:00Z', now(), 7001, jsonb_build_object('query', kind)
            FROM unnest(ARRAY['storefront.search_submitted', 'email.clicked', 'custom.visited_store']) AS kind`,
        });
        const frame = await open("/app/profiles/7001");
        const entries = card(frame, "Timeline").locator("ul > li");
        const choose = async (part: string): Promise<void> => {
          await card(frame, "Timeline").getByRole("combobox", { name: "Show" }).selectOption({ label: part });
        };
        const PARTS: Record<string, string[]> = {
          "Orders and refunds": [
            "Cancelled order #1004",
            "Order #1003, 1 line",
            "Refund For #1002",
            "Order #1002, 2 lines",
            "Order #1001, 1 line",
          ],
          "Carts and checkouts": ["Abandoned checkout 2 items", "Completed checkout 1 item", "Cart 1 item"],
          "Visits and searches": ["Search submitted storefront.search_submitted"],
          "E-mails": ["E-mail clicked email.clicked"],
          "From your own systems": ["Visited store custom.visited_store"],
          Segments: ["Left Big spenders", "Entered Big spenders", "Entered Loyal", "Left Lapsed", "Entered Lapsed"].map(
            (what) => `Segment ${what}`,
          ),
        };
        for (const [part, expected] of Object.entries(PARTS)) {
          await choose(part);
          // The badge and what it is about stand apart.
          const whats = async () => (await wordsInEach(entries)).map((words) => words.slice(1, 3).join(" "));
          await expect.poll(whats, { ...SOON, message: part }).toEqual(expected);
        }
        await pages.tell({ sql: "DELETE FROM events WHERE customer_id = 7001" });
        await choose("E-mails");
        await frame.getByText("Nothing of this kind has happened yet.").waitFor();

        // What was chosen stands while it is loading.
        await pages.tell({ slowBy: 1_500 });
        await choose("Segments");
        const chosen = () => card(frame, "Timeline").getByRole("combobox", { name: "Show" }).inputValue();
        await expect.poll(chosen, { timeout: 700, interval: 20 }).toBe("segments");
        expect(await entries.count()).toBe(0);
        await pages.tell({ slowBy: 0 });
        await expect.poll(() => entries.count(), SOON).toBeGreaterThan(0);
      });

      it("loads what is older as one scrolls, says when it cannot, and goes on when asked to", async () => {
        const frame = await open("/app/profiles/7004");
        const orders = async (): Promise<string[]> =>
          (await wordsIn(card(frame, "Timeline"))).filter((words) => words.startsWith("#"));
        const numbersDown = (from: number, to: number): string[] =>
          Array.from({ length: from - to + 1 }, (_, index) => `#${from - index}`);
        expect(await orders()).toEqual(numbersDown(3044, 3025));

        await pages.tell({ failing: true });
        const button = frame.getByRole("button", { name: "Load older" });
        await button.scrollIntoViewIfNeeded();
        await frame.getByText("Older entries could not be loaded. Try again in a moment.").waitFor();
        expect(await orders()).toEqual(numbersDown(3044, 3025));
        expect(pages.logged.splice(0)).toEqual(["Error: the database is away"]);
        forgiveHttpErrors();

        await pages.tell({ failing: false });
        await button.press("Enter");
        await expect.poll(orders, SOON).toEqual(numbersDown(3044, 3005));
        // Who pressed reads on at the first of what came.
        expect(await frame.locator("li:focus").innerText()).toContain("#3024");
        await button.scrollIntoViewIfNeeded();
        await expect.poll(orders, SOON).toEqual(numbersDown(3044, 3000));
        expect(await button.count()).toBe(0);
        expect(await frame.locator("li:focus").innerText()).toContain("#3024");
      });

      it("shows nothing of another shop's customer, whether the id is the shop's own too or not", async () => {
        const same = await open("/app/profiles/7001");
        const text = await same.locator("body").innerText();
        for (const foreign of ["Elsewhere", "elsewhere", "other.example", "9,999"]) expect(text).not.toContain(foreign);

        const missing = await open("/app/profiles/7777");
        expect(await headline(missing)).toBe("There is no such profile");
        expect(await missing.locator("body").innerText()).not.toContain("Elsewhere");
        forgiveHttpErrors();
      });

      it.each(["4711", "no-id", "99999999999999999999"])("says that there is none with the id %s", async (id) => {
        const frame = await open(`/app/profiles/${id}`);
        expect(await headline(frame)).toBe("There is no such profile");
        forgiveHttpErrors();
        await frame.getByRole("link", { name: "Search profiles" }).click();
        await frame.getByText("Anna Schmidt").waitFor();
      });
    });

    describe("duplicates", () => {
      beforeAll(() => pages.tell({ sql: LIKELY_PAIRS }));
      const titles = (frame: Frame): Promise<string[]> =>
        frame.locator("h2").filter({ hasText: " and " }).allInnerTexts();
      const queued = async (frame: Frame, tab: string): Promise<string[]> => {
        await frame.getByRole("tab", { name: tab }).click();
        await frame.getByRole("tab", { name: tab, selected: true }).waitFor();
        return titles(frame);
      };

      it("are counted on the data page, and shown side by side, the likeliest first", async () => {
        const data = await open("/app/data");
        expect(await wordsIn(card(data, "Duplicates"))).toEqual([
          "Duplicates",
          "2 pairs of customers look like one person.",
          "Review",
        ]);
        await data.getByRole("link", { name: "Review" }).click();
        await data.getByRole("heading", { name: "Zoe Miller and Z Müller" }).waitFor();
        expect(await titles(data)).toEqual(["Zoe Miller and Zoë Miller", "Zoe Miller and Z Müller"]);
        expect(await wordsIn(card(data, "Zoe Miller and Zoë Miller"))).toEqual(
          [
            ["Zoe Miller and Zoë Miller", "97.4% likely one person", "Customer 9901", "Customer 9902"],
            ["First name", "Same", "Zoe", "Zoë"],
            ["Last name", "Same", "Miller", "Miller"],
            ["E-mail", "Alike", "zoe@example.com", "zoe@example.org"],
            ["Phone", "Only one known", "+447700900321", "\u2013"],
            ["Orders", "0", "0"],
            ["Last order", "\u2013", "\u2013"],
            ["E-mail marketing", "Consent unknown", "Consent unknown"],
            ["Customer since", "Jan 10, 2026, 9:00 AM", "Feb 10, 2026, 9:00 AM"],
            ["Not the same", "Merge"],
          ].flat(),
        );
        expect(await hindrances(data)).toEqual([]);
      });

      it("are decided by keyboard alone: merged, told apart, and either undone", async () => {
        const frame = await open("/app/data/duplicates");
        await frame.getByRole("button", { name: "Merge Zoe Miller and Zoë Miller" }).focus();
        await page.keyboard.press("Enter");
        await frame.getByText("Zoe Miller and Zoë Miller are one profile now.").waitFor();
        expect(await titles(frame)).toEqual(["Zoe Miller and Z Müller"]);
        expect(await queued(frame, "Merged")).toEqual(["Zoe Miller and Zoë Miller"]);
        await frame.getByRole("button", { name: "Undo: Zoe Miller and Zoë Miller" }).press("Enter");
        await frame.getByText("Zoe Miller and Zoë Miller are as they were before.").waitFor();
        expect(await titles(frame)).toEqual([]);

        expect(await queued(frame, "To review")).toHaveLength(2);
        await frame.getByRole("button", { name: "Not the same: Zoe Miller and Z Müller" }).press("Enter");
        await frame.getByText("Zoe Miller and Z Müller stay two profiles.").waitFor();
        expect(await queued(frame, "Not the same")).toEqual(["Zoe Miller and Z Müller"]);
        // The banner has the focus and the way back.
        await frame.locator(".Polaris-Banner").getByRole("button", { name: "Undo" }).press("Enter");
        await frame.getByText("Zoe Miller and Z Müller are as they were before.").waitFor();
        expect(await queued(frame, "To review")).toHaveLength(2);
      });

      it("are merged by themselves once that was saved, and never of another shop", async () => {
        const frame = await open("/app/data/duplicates");
        expect(await frame.locator("body").innerText()).not.toContain("Elsewhere");
        await frame.getByRole("combobox").selectOption("95");
        const answered = page.waitForResponse(
          // The admin page around the app posts too, for its token.
          (response) => response.request().method() === "POST" && response.url().includes("/app/data/duplicates"),
        );
        await frame.getByRole("button", { name: "Save" }).click();
        expect((await answered).ok()).toBe(true);
        const again = await load("/app/data/duplicates");
        expect(await again.getByRole("combobox").inputValue()).toBe("95");
      });

      it("are told on the profile, with the way to them", async () => {
        const frame = await open("/app/profiles/9901");
        await frame.getByRole("link", { name: "2 likely duplicates to review" }).click();
        await frame.getByText("Only pairs of customer 9901 are shown.").waitFor();
        expect(await titles(frame)).toHaveLength(2);
      });
    });

    describe("API keys", () => {
      beforeAll(() => pages.tell({ sql: "DELETE FROM api_keys" }));
      it("are made by keyboard alone, shown once and revoked after a question", async () => {
        const frame = await open("/app/data/api-keys");
        await frame.getByText("No keys yet").waitFor();
        await frame.getByRole("textbox", { name: "Name" }).fill("Loyalty programme");
        await frame.getByRole("checkbox", { name: "Set traits of people" }).press("Space");
        await frame.getByRole("button", { name: "Make the key" }).press("Enter");
        const key = await frame.getByRole("textbox", { name: "Key", exact: true }).inputValue();
        expect(key).toMatch(/^muster_[\w-]{43}$/);
        const [row = []] = await rowsOf(frame.getByRole("table"));
        expect(row.filter((_, place) => place !== 4)).toEqual([
          "Loyalty programme",
          "Works",
          "Record events",
          `ends in ${key.slice(-4)}`,
          "never",
          "Revoke",
        ]);

        const again = await load("/app/data/api-keys");
        await again.getByRole("cell", { name: "Loyalty programme", exact: true }).waitFor();
        expect(await again.content()).not.toContain(key);
        await again.getByRole("button", { name: "Revoke Loyalty programme" }).press("Enter");
        await dialogOf(again).dialog.getByRole("button", { name: "Revoke" }).press("Enter");
        await again.getByText("Revoked", { exact: true }).waitFor();
        expect(await again.getByRole("button", { name: "Revoke Loyalty programme" }).count()).toBe(0);
        expect(await hindrances(again)).toEqual([]);
      });
    });

    describe("the data page", () => {
      const sources = async (): Promise<string[]> => {
        const words = await wordsIn(card(await open("/app/data"), "Sources"));
        return words.map((word) => word.replace(/(\d+ \w+ ago|now)(?=\.?$)/, "lately"));
      };

      it("says of each source whether it tells anything, and where that is mended", async () => {
        await pages.tell({ sql: "DELETE FROM api_keys" });
        await open("/app/settings");
        expect(await sources()).toEqual(
          [
            "Sources",
            ["What happens in Shopify", "Works", "The last delivery came lately"],
            ["What happened before Muster", "Nothing yet", "It begins by itself at the installation."],
            ["What visitors look at", "Off", expect.stringContaining("Muster switches its web pixel on by itself.")],
            "Open customer events",
            ["Klaviyo", "Nothing yet", "Opens, clicks and unsubscribes were not read yet.", "Open"],
            ["Mailchimp", "Nothing yet", "Opens, clicks and unsubscribes were not read yet.", "Open"],
            ["Your own systems", "Nothing yet", "None of your own systems sends events or traits.", "API keys"],
          ].flat(),
        );
        await pages.tell({
          sql: `UPDATE shops SET web_pixel_id = 'gid://shopify/WebPixel/1' WHERE id = 1;
            UPDATE destinations SET engagement_read_at = now() - interval '3 minutes' WHERE id = 1;
            UPDATE destinations SET state = 'paused', state_reason = 'key' WHERE id = 2;
            INSERT INTO events (shop_id, kind, source, source_id, occurred_at, received_at, properties) VALUES
              (1, 'storefront.page_viewed', 'pixel', 'seen', '2026-11-24 11:58Z', now(), '{}'),
              (2, 'storefront.page_viewed', 'pixel', 'elsewhere', '2026-11-24 11:59Z', now(), '{}');
            INSERT INTO back_fills (shop_id, kind, state, objects, started_at) VALUES (1, 'customers', 'failed', 0, now());
            INSERT INTO inbox (shop, topic, webhook_id, triggered_at, received_at, digest, body)
              VALUES ('demo.myshopify.com', 'orders/create', 'late', now(), now() - interval '5 minutes', 'late', '{}')`,
        });
        await open("/app/settings");
        const told = await sources();
        expect(told.filter((word) => ["Works", "Behind", "Paused", "Off", "Not complete"].includes(word))).toEqual([
          "Behind",
          "Not complete",
          "Works",
          "Works",
          "Paused",
        ]);
        expect(told).toContain("The last page was opened lately.");
        expect(told).toContain("Opens, clicks and unsubscribes were read lately.");
        expect(told.join()).toMatch(/1 delivery is waiting to be read, the oldest for 5 min/);
        expect(await hindrances(await open("/app/data"))).toEqual([]);
        await pages.tell({
          sql: `UPDATE shops SET web_pixel_id = NULL WHERE id = 1; DELETE FROM events; DELETE FROM back_fills;
            UPDATE destinations SET state = 'live', state_reason = NULL, engagement_read_at = NULL;
            DELETE FROM inbox WHERE webhook_id = 'late'`,
        });
      });
    });

    describe("deliveries set aside", () => {
      beforeAll(() => pages.tell({ sql: DEAD_LETTERS }));
      const topics = (frame: Frame): Promise<string[]> => frame.locator("a[href*='dead-letters/']").allInnerTexts();

      it("are counted on the data page, and listed with reason, time and size, the latest first", async () => {
        const data = await open("/app/data");
        const counted = card(data, "Deliveries set aside");
        expect(await wordsIn(counted)).toEqual([
          "Deliveries set aside",
          "3 deliveries were not understood and are kept.",
          "Review",
        ]);
        await counted.getByRole("link", { name: "Review" }).click();
        await data.getByRole("heading", { level: 1, name: "Deliveries set aside" }).waitFor();
        // The page's frame has its heading before the list is there.
        const decisions = ["Replay", "Discard"];
        expect(await rowsOf(data.getByRole("table"))).toEqual([
          [
            "orders/paid",
            "line_items.0.id: expected a numeric id",
            "Nov 24, 2026, 11:30 AM",
            "1 kB",
            "2",
            ...decisions,
          ],
          [
            "orders/begun",
            "The topic orders/begun is not one Muster reads.",
            "Nov 24, 2026, 11:00 AM",
            "243 bytes",
            "1",
            ...decisions,
          ],
          ["orders/create", "The body is not JSON.", "Nov 24, 2026, 10:30 AM", "14 bytes", "1", ...decisions],
        ]);
        expect(await data.locator("body").innerText()).not.toContain("elsewhere/create");
        expect(await hindrances(data)).toEqual([]);
      });

      it("are read as they came: numbers unrounded, what is no JSON as text, and never another shop's", async () => {
        const frame = await open("/app/data/dead-letters");
        await frame.getByRole("link", { name: "orders/begun" }).click();
        await frame.getByRole("heading", { name: "What was delivered" }).waitFor();
        const shown = await frame.locator("pre").innerText();
        expect(shown).toContain('"id": 12345678901234567890');
        expect(shown).toContain('  "total": 10.50');
        expect(await hindrances(frame)).toEqual([]);
        const text = await open("/app/data/dead-letters/900002");
        expect(await text.locator("pre").innerText()).toBe("café, no JSON");
        await text.getByText("The body is not JSON; it is shown as text.").waitFor();
        const foreign = await open("/app/data/dead-letters/900001");
        expect(await headline(foreign)).toBe("This delivery is not set aside any more");
        forgiveHttpErrors();
      });

      it("take effect and are gone once they are understood; the others stay with the reason of now", async () => {
        // A release that knows the topic.
        await pages.tell({ sql: "UPDATE inbox SET topic = 'orders/create' WHERE topic = 'orders/begun'" });
        const frame = await open("/app/data/dead-letters");
        await frame.getByRole("button", { name: /^Replay orders.begun of/ }).press("Enter");
        await frame.getByText("Of 1 delivery read again: 1 understood and taken in.").waitFor();
        expect(await topics(frame)).toEqual(["orders/paid", "orders/create"]);
        await frame.getByRole("button", { name: "Replay all" }).click();
        await frame.getByText("Of 2 deliveries read again: 2 still not understood and kept.").waitFor();
        expect(await topics(frame)).toEqual(["orders/paid", "orders/create"]);
        expect((await rowsOf(frame.getByRole("table")))[0]?.slice(2, 5)).toEqual([
          "Nov 24, 2026, 11:30 AM",
          "1 kB",
          "3",
        ]);

        const profile = await open("/app/profiles/7001");
        expect(await wordsIn(card(profile, "Timeline"))).toContain("#1077");
      });

      it("stay as they are shown where a decision gets no answer, and are decided once it is sent again", async () => {
        const { page: own } = await openView(browser);
        own.setDefaultTimeout(10_000);
        const frame = await openAdmin(own, `${pages.admin.appPage}/app/data/dead-letters/900002`);
        await frame.getByRole("button", { name: "Discard" }).click();
        await own.route(/\/(healthz|app\/.*)$/, (route) => route.abort());
        const { dialog } = dialogOf(frame);
        await dialog.getByRole("button", { name: "Discard" }).click();
        await frame.getByText("What you sent last got no answer. Send it once more").waitFor();
        expect([await headline(frame), await frame.locator("pre").innerText()]).toEqual([
          "orders/create",
          "café, no JSON",
        ]);
        await own.unroute(/\/(healthz|app\/.*)$/);
        await dialog.getByRole("button", { name: "Keep it" }).click();
        await frame.getByRole("button", { name: "Replay" }).click();
        await frame.getByText("Of 1 delivery read again: 1 still not understood and kept.").waitFor();
        expect(await frame.getByText("got no answer").count()).toBe(0);
        await own.context().close();
      });

      it("are discarded once that was confirmed", async () => {
        const frame = await open("/app/data/dead-letters/900002");
        await frame.getByRole("button", { name: "Discard" }).click();
        const { dialog } = dialogOf(frame);
        await dialog.getByRole("button", { name: "Keep it" }).click();
        await dialog.waitFor({ state: "hidden" });
        await frame.getByRole("button", { name: "Discard" }).click();
        await dialog.getByRole("button", { name: "Discard" }).click();
        await page.getByRole("status").getByText("The delivery was discarded.").waitFor();
        await frame.getByRole("heading", { level: 1, name: "Deliveries set aside" }).waitFor();
        expect(await topics(frame)).toEqual(["orders/paid"]);
        await frame.getByRole("button", { name: /^Discard orders.paid/ }).click();
        await dialog.getByRole("button", { name: "Discard" }).click();
        await frame.getByText("Nothing is set aside").waitFor();
      });
    });

    describe("on the way", () => {
      it("say that they could not be read, and recover when tried again", async () => {
        for (const [path, shown] of [
          ["/app", "Overview"],
          ["/app/profiles", "Profiles"],
          ["/app/profiles/7001", "Anna Schmidt"],
        ] as const) {
          await pages.tell({ failing: true });
          const frame = await load(path);
          expect(await headline(frame)).toBe("This page could not be shown");
          await pages.tell({ failing: false });
          await frame.getByRole("button", { name: "Try again" }).click();
          await frame.getByRole("heading", { level: 1, name: shown }).waitFor();
          expect(pages.logged.splice(0)).toEqual(["Error: the database is away"]);
        }
        forgiveHttpErrors();
      });

      it("show their outline while they are slow, and then themselves with the focus at their beginning", async () => {
        const frame = await open("/app");
        await pages.tell({ slowBy: 1_500 });
        const outline = frame.getByRole("status", { name: "Page loading" });
        const main = frame.getByRole("main");
        await page.getByRole("link", { name: "Profiles" }).click();
        await outline.waitFor();
        expect(await headline(frame)).toBe("Profiles");
        expect(await main.innerText()).not.toMatch(/\d/);
        await frame.getByText("Anna Schmidt").waitFor();
        expect(await main.evaluate((element) => element === document.activeElement)).toBe(true);

        await frame.getByText("Anna Schmidt").click();
        await outline.waitFor();
        await frame.getByText("£223.50").first().waitFor();
        expect(await outline.count()).toBe(0);
        await pages.tell({ slowBy: 0 });
      });

      it("lead to the overview from an address that no page answers", async () => {
        const frame = await load("/app/no/such/page");
        expect(await headline(frame)).toBe("There is nothing at this address");
        forgiveHttpErrors();
        await frame.getByRole("link", { name: "Go to the overview" }).click();
        await frame.getByText("Webhooks received").waitFor();
      });
    });

    describe.each([
      ["a desk", { width: 1280, height: 800 }],
      ["a phone", PHONE],
    ])("on %s", (_, size) => {
      let own: View;
      let frame: Frame;
      beforeAll(async () => {
        own = await openView(browser, size);
        frame = await openAdmin(own.page, pages.admin.appPage);
      });
      afterAll(() => own?.page.context().close());

      // Every other page is looked at so in the journey that shows a shop's figures on the screen.
      it.each([
        ["empty search", "/app/profiles?query=nobody"],
        ["profile", "/app/profiles/7001"],
        ["profile of whom little is known", "/app/profiles/7003"],
        ["missing profile", "/app/profiles/4711"],
        ["duplicates", "/app/data/duplicates"],
      ])("the %s hinders nobody and scrolls in one direction only", async (_, path) => {
        await navigate(frame, path);
        expect(await hindrances(frame)).toEqual([]);
        const widths = () => [document.documentElement.scrollWidth, document.documentElement.clientWidth];
        for (const [content, window] of [await own.page.evaluate(widths), await frame.evaluate(widths)]) {
          expect(content).toBe(window);
        }
        expect(own.complaints.splice(0).filter((complaint) => !HTTP_ERROR.test(complaint))).toEqual([]);
      });
    });

    it("every comparison of an audience stands with its date and its file, and one nobody was named in has none", async () => {
      const report = { members: 1_204, audience: 1_202, rejections: {}, equal: false, strangers: 0, repaired: 1 };
      const later = { ...report, exceptions: { no_consent: 1 }, missing: 1, extra: 0 };
      const earlier = {
        ...report,
        members: 0,
        audience: 0,
        exceptions: {},
        equal: true,
        missing: 0,
        extra: 0,
        repaired: 0,
      };
      await pages.tell({
        sql: `INSERT INTO comparisons (shop_id, audience_id, compared_at, report, members, strangers) VALUES
          (1, 3, '2026-11-05T10:00Z', '${JSON.stringify(earlier)}', '{}', '{}'),
          (1, 3, '2026-11-06T10:00Z', '${JSON.stringify(later)}', '{"7002": "no_consent", "7001": "missing"}', '{}')`,
      });
      const { page: own } = await openView(browser);
      own.setDefaultTimeout(20_000);
      const frame = await openAdmin(own, `${pages.admin.appPage}/app/destinations/1/comparisons/3`);
      const row = (at: string) => wordsIn(frame.getByRole("row").filter({ hasText: at }));
      const figures = "1 missing · 1 put right · 1 without consent";
      expect(await row("Nov 6, 2026")).toEqual(["Nov 6, 2026, 10:00 AM", "1,204", "1,202", figures, "Download"]);
      const none = "they are equal, but for the exceptions";
      expect(await row("Nov 5, 2026")).toEqual(["Nov 5, 2026, 10:00 AM", "0", "0", none]);
      const link = frame.getByRole("link", { name: "Download who differed on Nov 6, 2026, 10:00 AM" });
      const file = await fetch(await link.evaluate((element) => (element as HTMLAnchorElement).href));
      expect((await file.text()).split("\r\n").slice(1, -1)).toEqual([
        expect.stringMatching(/^7001,anna@example\.com,.*,missing,$/),
        expect.stringMatching(/^7002,.*,no_consent,$/),
      ]);
      expect(await hindrances(frame)).toEqual([]);
      await own.context().close();
    });

    it("a platform is asked for its permission outside the frame, and what comes back from it is ended at once", async () => {
      const { page: own } = await openView(browser);
      own.setDefaultTimeout(20_000);
      const frame = await openAdmin(own, `${pages.admin.appPage}/app/destinations?ticket=long-gone`);
      await frame.getByText("That took too long. Connect once more.").waitFor();
      expect(await frame.getByRole("button", { name: /^Connect with (?!a key)/ }).allInnerTexts()).toEqual([]);
      await card(frame, "Klaviyo").getByRole("button", { name: "Connect another account" }).click();
      const asked = own.waitForRequest((request) => request.url().startsWith("http://localhost:1/authorize"));
      await frame.getByRole("button", { name: "Connect with Klaviyo" }).click();
      const request = await asked;
      expect(request.frame()).toBe(own.mainFrame());
      const query = Object.fromEntries(new URL(request.url()).searchParams);
      expect(query).toMatchObject({ client_id: "muster", response_type: "code", code_challenge_method: "S256" });
      await own.context().close();
    });

    it("a segment is given an audience after its figures were looked at, and nothing is sent before", async () => {
      const { page: own } = await openView(browser);
      own.setDefaultTimeout(20_000);
      const frame = await openAdmin(own, `${pages.admin.appPage}/app/destinations/2`);
      await pages.tell({ sql: "DELETE FROM audiences WHERE id = 6" });
      // Those that are there were given their numbers by hand.
      await pages.tell({ sql: "SELECT setval(pg_get_serial_sequence('audiences', 'id'), 100)" });
      const loyal = frame
        .locator(".Polaris-ShadowBevel")
        .filter({ has: frame.getByRole("button", { name: /^(Set up|Count first)/ }) });
      await expect.poll(() => loyal.count(), REFRESHED).toBe(1);
      await loyal.getByRole("button", { name: /^Set up/ }).click();
      await loyal.getByRole("button", { name: "What goes along" }).click();
      await loyal.getByRole("checkbox", { name: "Number of orders" }).check();
      await loyal.getByLabel("Field for Number of orders").fill("far too long");
      await loyal.getByRole("button", { name: "Count first" }).click();
      await loyal.getByText("far too long is no merge tag").waitFor();
      await loyal.getByLabel("Field for Number of orders").fill("ORDERS");
      await leaveAndStay(own, frame.getByRole("link", { name: "Destinations" }));
      await loyal.getByRole("button", { name: "Count first" }).click();
      await frame.getByText("Nothing has been sent yet").waitFor();
      await own.getByText("Unsaved changes").waitFor({ state: "hidden" });
      expect(await frame.getByText("would be added").count()).toBe(1);
      await frame.getByRole("button", { name: "Start" }).click();
      await frame.getByText("Started.").waitFor();

      // What is kept already is changed with the admin's bar alone, one segment at a time.
      await frame.getByRole("button", { name: "Change Big spenders" }).click();
      const share = frame.getByLabel("Ask me before more than this share");
      await share.fill("40");
      await leaveAndStay(own, frame.getByRole("button", { name: "Change Loyal" }));
      await own.getByRole("button", { name: "Discard" }).click();
      await own.getByText("Unsaved changes").waitFor({ state: "hidden" });
      expect(await share.inputValue()).toBe("30");
      await share.fill("50");
      await own.getByRole("button", { name: "Save" }).click();
      await share.waitFor({ state: "detached" });
      await own.getByText("Unsaved changes").waitFor({ state: "hidden" });
      await frame.getByRole("button", { name: "Change Big spenders" }).click();
      expect(await share.inputValue()).toBe("50");
      await own.context().close();
    });

    it("the consent sync is off until somebody confirms what it does, and entries and exits are sent as events once asked for", async () => {
      const { page: own } = await openView(browser);
      own.setDefaultTimeout(20_000);
      const frame = await openAdmin(own, `${pages.admin.appPage}/app/destinations/1`);
      await frame.getByText("Consent sync is off").waitFor();
      await frame.getByRole("button", { name: "Switch on" }).click();
      const { dialog, inside } = dialogOf(frame);
      const confirm = dialog.getByRole("button", { name: "Switch on for all platforms" });
      await confirm.waitFor();
      expect(await confirm.isDisabled()).toBe(true);
      await inside.getByRole("checkbox", { name: /^The consent my shop/ }).check();
      await confirm.click();
      await frame.getByText("Consent sync is on").waitFor();
      await frame.getByRole("button", { name: "Switch off" }).click();
      await frame.getByText("Consent sync is off").waitFor();
      await frame.getByRole("button", { name: "Send events" }).click();
      await frame.getByText("Entries and exits are sent as events").waitFor();
      await frame.getByRole("button", { name: "Stop sending" }).click();
      await frame.getByText("Entries and exits are not sent as events").waitFor();
      await own.context().close();
    });

    it("read on a phone as on a desk: the list keeps its figures without its columns", async () => {
      const { page: phone } = await openView(browser, PHONE);
      const frame = await openAdmin(phone, `${pages.admin.appPage}/app/profiles?query=anna`);
      const row = frame.locator("tr, li").filter({ hasText: "Anna Schmidt" });
      expect(await wordsIn(row)).toEqual([
        "Anna Schmidt",
        "£223.50",
        "anna@example.com",
        "3 orders · seen yesterday",
        "Loyal",
      ]);
      await phone.context().close();
    });
  });
});

/** Goes where what is written would be lost, is asked, and stays. */
async function leaveAndStay(page: Page, away: Locator): Promise<void> {
  const asked = page.waitForEvent("dialog");
  await Promise.all([away.click(), asked.then((dialog) => dialog.dismiss())]);
  expect((await asked).message()).toBe("Leave page with unsaved changes?");
}
