import type { Browser, Frame } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { parseText } from "../../../app/segment/language/parse-text.ts";
import { dictionary } from "../../../app/segment/segment.ts";
import { chromiumPath, launchBrowser, openAdmin, openView, type View } from "../../support/browser.ts";
import { nameSkip } from "../../support/skips.ts";
import { DEMO_SHOP, NOW } from "./demo-shop.ts";
import { card, dialogOf, hindrances, wordsIn } from "./read-screen.ts";
import { type Receiver, signatureOf, startReceiver } from "./receiver.ts";
import { onPhone } from "./show-pages.ts";
import { type Pages, startPages } from "./start-pages.ts";

if (chromiumPath === undefined) nameSkip("the pages about automations in a browser", "there is no Chromium");

const HTTP_ERROR = /^Failed to load resource: the server responded with a status of (404|422) /;
/** Every segment has this rule. */
const LOYAL = ruleOf("number_of_orders >= 3");
const SOON = { timeout: 15_000 };

describe.skipIf(chromiumPath === undefined)("the pages about automations", () => {
  let pages: Pages;
  let browser: Browser;
  let view: View;
  let receiver: Receiver;
  let secret = "";

  beforeAll(async () => {
    receiver = await startReceiver();
    [pages, browser] = await Promise.all([startPages(NOW, { receiver: receiver.origin }), launchBrowser()]);
    view = await openView(browser);
    view.page.setDefaultTimeout(15_000);
    await pages.tell({ sql: DEMO_SHOP });
    await pages.tell({ sql: `UPDATE segments SET definition = '${JSON.stringify(LOYAL)}'` });
  }, 300_000);
  afterAll(() => Promise.all([browser?.close(), pages?.close(), receiver?.close()]));
  const expectSilence = (): void => {
    expect(view.complaints.splice(0).filter((complaint) => !HTTP_ERROR.test(complaint))).toEqual([]);
    expect(pages.logged.splice(0)).toEqual([]);
  };
  afterEach(expectSilence);

  const open = (path = ""): Promise<Frame> =>
    openAdmin(view.page, `${pages.admin.appPage}/app/segments/1/automations${path}`);
  const saveBar = () => view.page.getByRole("region", { name: "Unsaved changes" });
  const saved = () => view.page.getByRole("button", { name: "Save", exact: true });

  it("say that nothing follows yet, refuse an address of our own network, and show a secret once", async () => {
    const list = await open();
    await list.getByText("Nothing follows yet").waitFor();
    expect(await hindrances(list)).toEqual([]);
    await list.getByRole("link", { name: "Add automation" }).click();
    await list.getByRole("textbox", { name: "Name" }).fill("Tell our CRM");
    await list.getByRole("textbox", { name: "Address" }).fill("https://10.0.0.8/hook");
    await list.getByRole("button", { name: "Create automation" }).click();
    await list.getByText("The address does not lead to the public internet, so it is not called.").waitFor();

    await list.getByRole("textbox", { name: "Address" }).fill(`${receiver.origin}/hook`);
    await list.getByRole("button", { name: "Create automation" }).click();
    const field = list.getByRole("textbox", { name: "Signing secret" });
    await field.waitFor();
    secret = await field.inputValue();
    expect(secret).toMatch(/^whsec_/);
    expect(Buffer.from(secret.slice(6), "base64")).toHaveLength(32);
    expect(await hindrances(list)).toEqual([]);

    await list.getByRole("link", { name: "Open the automation" }).click();
    await list.getByRole("heading", { level: 1, name: "Tell our CRM" }).waitFor();
    const again = await open("/1");
    expect(await again.content()).not.toContain(secret);
    expect(receiver.received).toEqual([]);
  });

  it("send one sample that the receiver can check, and show what came back", async () => {
    receiver.answers.body = '{"ok":"so far"}';
    const frame = await open("/1");
    const test = card(frame, "Test with a sample");
    await test.getByRole("button", { name: "Send sample" }).click();
    await test.getByText("The receiver took it.").waitFor();
    expect((await wordsIn(test)).slice(-6)).toEqual([
      "Done",
      "HTTP 200",
      expect.stringMatching(/^\d+ ms$/),
      "The receiver took it.",
      "Its answer begins",
      '{"ok":"so far"}',
    ]);
    const [sample] = receiver.received.splice(0);
    expect(sample?.signatures).toEqual([sample && signatureOf(sample, secret)]);
    expect(Math.abs((sample?.timestamp ?? 0) - Date.now() / 1_000)).toBeLessThan(30);
    expect(JSON.parse(sample?.body ?? "")).toMatchObject({
      type: "segment.entered",
      data: { segment: { key: "loyal", name: "Loyal" }, customer: null, sample: true },
    });

    Object.assign(receiver.answers, { status: 500, body: "out of order" });
    await test.getByLabel("What happened").selectOption("left");
    await test.getByRole("textbox", { name: "Customer ID" }).fill("7001");
    await test.getByRole("button", { name: "Send sample" }).click();
    await test.getByText("The receiver answered 500.").waitFor();
    expect(await test.getByText("out of order").isVisible()).toBe(true);
    const failures = receiver.received.splice(0);
    expect(failures).toHaveLength(1);
    expect(JSON.parse(failures[0]?.body ?? "")).toMatchObject({
      type: "segment.left",
      data: { customer: { id: "gid://shopify/Customer/7001" } },
    });
    expect(await hindrances(frame)).toEqual([]);
    const list = await open();
    await list.getByText("The receiver answered 500.").waitFor();
    expect(await list.locator("body").innerText()).not.toContain("out of order");
    Object.assign(receiver.answers, { status: 200, body: "" });
  });

  it("keep changes in the admin's bar until they are saved or discarded", async () => {
    const frame = await open("/1");
    const name = frame.getByRole("textbox", { name: "Name" });
    expect(await saveBar().isVisible()).toBe(false);
    await name.fill("Something else");
    await saveBar().waitFor();
    await view.page.getByRole("button", { name: "Discard" }).click();
    await saveBar().waitFor({ state: "hidden" });
    expect(await name.inputValue()).toBe("Tell our CRM");

    await frame.getByRole("checkbox", { name: "Somebody enters the segment" }).uncheck();
    await frame.getByRole("checkbox", { name: "Somebody leaves the segment" }).uncheck();
    await saved().click();
    await frame.getByText("Choose entry, exit or both.").waitFor();
    expect(await saveBar().isVisible()).toBe(true);
    await frame.getByRole("checkbox", { name: "Somebody enters the segment" }).check();
    await name.fill("Tell the CRM");
    await saved().click();
    await frame.getByRole("heading", { level: 1, name: "Tell the CRM" }).waitFor();
    await saveBar().waitFor({ state: "hidden" });
    expect(await wordsIn(frame.getByRole("main"))).toContain(
      `Sends a signed message to ${new URL(receiver.origin).host} when somebody enters`,
    );
  });

  it("make another secret, which signs beside the one before", async () => {
    const frame = await open("/1");
    await frame.getByRole("button", { name: "Make a new secret" }).click();
    const field = frame.getByRole("textbox", { name: "Signing secret" });
    await field.waitFor();
    const fresh = await field.inputValue();
    expect(fresh).not.toBe(secret);
    await frame.getByText(/^Until .+ messages carry two signatures/).waitFor();
    await frame.getByRole("button", { name: "Send sample" }).click();
    await frame.getByText("The receiver took it.").waitFor();
    const [sample] = receiver.received.splice(0);
    expect(sample?.signatures).toEqual(sample && [signatureOf(sample, fresh), signatureOf(sample, secret)]);
  });

  it("search the log by state and customer, and send again one that failed, or all", async () => {
    await pages.tell({
      sql: `INSERT INTO automation_runs (id, shop_id, automation_id, customer_id, change, at, reason, state, message_id, attempts, due_at, created_at)
            VALUES (901, 1, 1, 7001, 'entered', '2026-11-24 10:00Z', 'happened', 'failed', 'msg_a', 9, NULL, now()),
                   (902, 1, 1, 7002, 'entered', '2026-11-24 10:01Z', 'happened', 'failed', 'msg_b', 9, NULL, now()),
                   (903, 1, 1, 7003, 'entered', '2026-11-24 10:02Z', 'happened', 'failed', 'msg_c', 9, NULL, now()),
                   (904, 1, 1, 7004, 'entered', '2026-11-24 10:03Z', 'happened', 'waiting', 'msg_d', 3, now() + interval '90 minutes', now());
            INSERT INTO automation_attempts (shop_id, run_id, at, status, words, ms) VALUES
              (1, 901, now() - interval '1 hour', NULL, 'Nothing listens there.', 3), (1, 901, now(), 503, 'The receiver answered 503.', 12),
              (1, 904, now(), 503, 'The receiver answered 503.', 12)`,
    });
    const frame = await open("?state=waiting");
    expect(await frame.getByRole("link", { name: /^\d+$/ }).allInnerTexts()).toEqual(["7004"]);
    expect(await wordsIn(card(frame, "What happened"))).toContain(
      "The receiver answered 503. 12 ms. Next attempt in 1 hour.",
    );
    expect(await frame.getByText("1 waiting, 3 failed").isVisible()).toBe(true);
    await frame.getByLabel("Show").selectOption("failed");
    await frame.getByRole("button", { name: "Search" }).click();
    const customers = () => frame.getByRole("link", { name: /^\d+$/ }).allInnerTexts();
    await expect.poll(customers, SOON).toEqual(["7003", "7002", "7001", "7001"]);
    await frame.getByRole("textbox", { name: "Customer ID" }).fill("7001");
    await frame.getByRole("button", { name: "Search" }).click();
    await expect.poll(customers, SOON).toEqual(["7001", "7001"]);
    expect(await wordsIn(card(frame, "What happened"))).toContain("The receiver answered 503. 12 ms.");
    expect(await hindrances(frame)).toEqual([]);

    await frame.getByRole("button", { name: /^Send again: Entered.+7001$/ }).click();
    await frame.getByText("It is sent again, as the same message.").waitFor();
    await expect.poll(() => receiver.received.map(({ id }) => id), SOON).toEqual(["msg_a"]);
    const [resent] = receiver.received.splice(0);
    expect(resent?.signatures[1]).toBe(resent && signatureOf(resent, secret));
    await frame.getByRole("button", { name: "Send again what failed (2)" }).click();
    await frame.getByText("2 are sent again, as the same messages.").waitFor();
    await expect.poll(() => receiver.received.map(({ id }) => id).sort(), SOON).toEqual(["msg_b", "msg_c"]);
    const after = await open("?state=done");
    await after.getByText("1 waiting", { exact: true }).waitFor();
    expect(await after.getByRole("link", { name: /^700[123]$/ }).count()).toBe(3);
    expect(await after.getByRole("button", { name: /^Send again what failed/ }).count()).toBe(0);
  });

  it("turn the pages of the log forth and back, of what it was asked for", async () => {
    await pages.tell({
      sql: `INSERT INTO automation_runs (id, shop_id, automation_id, customer_id, change, at, reason, state, message_id, created_at)
            SELECT 800 + n, 1, 1, 8000 + n, 'entered', '2026-11-24 09:00Z', 'happened', 'skipped', 'msg_n' || n, now()
            FROM generate_series(1, 30) n`,
    });
    const frame = await open("?state=skipped");
    const customers = () => frame.getByRole("link", { name: /^80\d\d$/ }).allInnerTexts();
    const [latest, oldest] = [counting(8030, 8006), counting(8005, 8001)];
    expect(await customers()).toEqual(latest);
    await frame.getByLabel("Next").click();
    await expect.poll(customers, SOON).toEqual(oldest);
    await frame.getByLabel("Previous").click();
    await expect.poll(customers, SOON).toEqual(latest);
  });

  it("pause and resume, and send nothing meanwhile", async () => {
    const frame = await open();
    await frame.getByRole("button", { name: "Pause Tell the CRM" }).click();
    await frame.getByText("Paused. Who enters or leaves meanwhile fires nothing.").waitFor();
    receiver.received.splice(0);
    await frame.getByRole("button", { name: /^Send again: Entered.+7001$/ }).click();
    await frame.getByText("It waits until the automation goes on.").first().waitFor();
    expect(receiver.received).toEqual([]);
    await frame.getByRole("button", { name: "Resume Tell the CRM" }).click();
    await frame.getByText("It goes on from now. What was waiting is sent.").waitFor();
    await expect.poll(() => receiver.received.map(({ id }) => id), SOON).toEqual(["msg_a"]);
  });

  it("say what tags lack, and let it be granted", async () => {
    await pages.tell({ sql: "UPDATE shops SET granted_scopes = '{read_customers}', granted_at = now() WHERE id = 1" });
    const frame = await open("/new");
    await frame.getByRole("radio", { name: "Customer tag" }).press("Space");
    await frame.getByText("A permission is missing").waitFor();
    await frame.getByRole("textbox", { name: "Name" }).fill("Tag them");
    await frame.getByRole("textbox", { name: "Tag" }).fill("VIP, gold");
    await frame.getByRole("button", { name: "Create automation" }).click();
    await frame.getByText("A tag has 1 to 40 characters and no comma.").waitFor();
    await frame.getByRole("textbox", { name: "Tag" }).fill("VIP");
    await frame.getByRole("button", { name: "Create automation" }).click();
    await frame.getByText("Puts the tag VIP on who enters, and takes it off who leaves").waitFor();
    await frame.getByRole("button", { name: "Send sample" }).click();
    await frame
      .getByText(/^Muster may not change customers in this shop/)
      .nth(1)
      .waitFor();

    // The page reads itself again after the sample; only then may the shop be another.
    await expect.poll(() => frame.locator("button[aria-busy=true]").count(), SOON).toBe(0);
    await pages.tell({ sql: "UPDATE shops SET granted_scopes = '{read_customers,write_customers}' WHERE id = 1" });
    await frame.getByRole("button", { name: "Grant the permission" }).click();
    await frame.getByText("A permission is missing").waitFor({ state: "hidden" });
    await frame.getByRole("button", { name: "Send sample" }).click();
    await frame.getByText("Muster may change tags here. Nothing was changed.").waitFor();
    expect(await wordsIn(card(frame, "Test with a sample"))).toContain("Done");
  });

  it("say how Flow is used", async () => {
    const flow = await open("/new");
    await flow.getByRole("radio", { name: "Shopify Flow" }).press("Space");
    await flow.getByRole("textbox", { name: "Name" }).fill("Welcome workflow");
    await flow.getByRole("button", { name: "Create automation" }).click();
    const steps = card(flow, "In Shopify Flow");
    expect(await steps.getByRole("link", { name: "Shopify Flow" }).getAttribute("href")).toBe(
      "https://admin.shopify.com/store/demo/apps/flow",
    );
    expect((await wordsIn(steps)).join(" ")).toContain("“Segment key” is equal to loyal");
    await flow.getByRole("button", { name: "Send sample" }).click();
    await flow.getByText("A workflow needs a customer: give the ID of one, such as your own account.").waitFor();
    expect(await hindrances(flow)).toEqual([]);
  });

  it("are named on the segment's page, and gone once they were deleted", async () => {
    const segment = await openAdmin(view.page, `${pages.admin.appPage}/app/segments/1`);
    const named = card(segment, "Automations");
    expect((await wordsIn(named)).filter((words) => !words.startsWith("Sends") && !words.startsWith("Puts"))).toEqual(
      expect.arrayContaining(["Tell the CRM", "Tag them", "Welcome workflow"]),
    );
    await named.getByRole("link", { name: "Welcome workflow" }).click();
    await segment.getByRole("button", { name: "Delete" }).click();
    await dialogOf(segment).dialog.getByRole("button", { name: "Delete" }).click();
    await segment.getByRole("heading", { level: 1, name: "Automations" }).waitFor();
    expect(await segment.getByText("Welcome workflow").count()).toBe(0);
    const gone = await open("/3");
    await gone.getByRole("heading", { name: "This automation is not there any more" }).waitFor();
  });

  it("know nothing of another shop's", async () => {
    await pages.tell({
      sql: `INSERT INTO automations (id, shop_id, segment_id, kind, name, on_entry, on_exit, settings, state, since, created_at)
            VALUES (900, 2, 4, 'flow_trigger', 'Theirs', true, true, '{"kind":"flow_trigger"}', 'active', now(), now())`,
    });
    const foreign = await openAdmin(view.page, `${pages.admin.appPage}/app/segments/4/automations`);
    await foreign.getByRole("heading", { name: "There is no such segment" }).waitFor();
    expect(await foreign.content()).not.toContain("Theirs");
    const one = await open("/900");
    await one.getByRole("heading", { name: "This automation is not there any more" }).waitFor();
    expect(await one.content()).not.toContain("Theirs");
  });

  it("fit a phone and hinder nobody there", async () => {
    const { page, complaints } = await onPhone(view);
    for (const path of ["", "/new", "/1"]) {
      const frame = await openAdmin(page, `${pages.admin.appPage}/app/segments/1/automations${path}`);
      expect(await hindrances(frame), path).toEqual([]);
      const widths = () => [document.documentElement.scrollWidth, document.documentElement.clientWidth];
      const [content, window] = await frame.evaluate(widths);
      expect(content, path).toBe(window);
    }
    expect(complaints).toEqual([]);
  });

  it("are named before their segment is removed, and run for nobody who leaves unless that is chosen", async () => {
    const frame = await openAdmin(view.page, `${pages.admin.appPage}/app/segments/1`);
    await frame.getByRole("button", { name: "More actions" }).click();
    await frame.getByRole("button", { name: "Remove", exact: true }).click();
    const { dialog, inside } = dialogOf(frame);
    await inside.getByText("Its automations: Tell the CRM, Tag them").waitFor();
    expect(await inside.getByRole("radio", { name: "Run nothing" }).isChecked()).toBe(true);
    expect(await inside.getByText("What waits to be sent is cancelled: 1 message.").isVisible()).toBe(true);
    expect(await inside.getByText("Run Tag them for everybody who leaves").isVisible()).toBe(true);
    expect(await hindrances(frame)).toEqual([]);
    await inside.getByRole("radio", { name: "Empty them" }).press("Space");
    await dialog.getByRole("button", { name: "Remove segment" }).click();
    await frame.getByText("Its 2 automations come back with it, and run for nobody who is only back").waitFor();
  });

  it("take their tag off those who have it from them, where that is chosen, and say how far they are", async () => {
    await pages.tell({
      sql: `INSERT INTO automations (id, shop_id, segment_id, kind, name, on_entry, on_exit, settings, state, since, created_at)
              VALUES (950, 1, 2, 'customer_tag', 'Mark them', true, true, '{"kind":"customer_tag","tag":"lapsed"}', 'active', now(), now());
            INSERT INTO automation_tags SELECT 1, id, 'lapsed', 950, now() FROM (VALUES (8001), (8002)) AS given (id)`,
    });
    const frame = await openAdmin(view.page, `${pages.admin.appPage}/app/segments/2/automations/950`);
    await frame.getByRole("button", { name: "Delete" }).click();
    const { dialog, inside } = dialogOf(frame);
    const taking = inside.getByLabel("Take its tag off the 2 customers who have it from here");
    expect(await taking.isChecked()).toBe(false);
    expect(await hindrances(frame)).toEqual([]);
    await taking.check();
    await dialog.getByRole("button", { name: "Delete" }).click();
    await frame.getByText("Its tag was taken off 0 of 2 customers. Then it is gone.").waitFor();
    expect(await frame.getByRole("button", { name: /Mark them$/ }).count()).toBe(0);
    await pages.tell({
      sql: "UPDATE automation_runs SET state = 'done', due_at = NULL WHERE automation_id = 950 AND customer_id = 8001",
    });
    await frame.getByRole("link", { name: "Mark them" }).click();
    await frame.getByText("Its tag was taken off 1 of 2 customers. Then it is gone.").waitFor();
    expect(await frame.getByRole("progressbar").getAttribute("value")).toBe("50");
    expect(await hindrances(frame)).toEqual([]);
  });
});

/** Downwards. */
function counting(from: number, to: number): string[] {
  return Array.from({ length: from - to + 1 }, (_, place) => String(from - place));
}

function ruleOf(text: string) {
  const reading = parseText(text, dictionary);
  if (reading.outcome === "refused") throw new Error(reading.problems[0].message);
  return reading.rule;
}
