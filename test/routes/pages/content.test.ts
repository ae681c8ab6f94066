import type { Frame, Locator } from "playwright-core";
import { describe, expect, it } from "vitest";
import { chromiumPath, openAdmin } from "../../support/browser.ts";
import { nameSkip } from "../../support/skips.ts";
import { dialogOf, hindrances } from "./read-screen.ts";
import { onPhone, showPages } from "./show-pages.ts";

if (chromiumPath === undefined)
  nameSkip("the pages about content in a browser", "there is no Chromium (CHROMIUM_PATH)");

const LIST = JSON.stringify({
  personal: true,
  confidence: 0.9,
  items: [{ id: "1", title: "Mug", url: "/products/mug", image: null, price: "12.50", reason: { kind: "pinned" } }],
});

describe.skipIf(chromiumPath === undefined)("the pages about content", () => {
  // A list names what is sold now.
  const demo = showPages(`UPDATE profiles SET recommended = '${LIST}' WHERE shop_id = 1 AND customer_id = 7001;
    INSERT INTO products (shop_id, id, title, handle, status, price, published_at, source_updated_at, source_triggered_at,
      source_delivery) VALUES (1, 1, 'Mug', 'mug', 'active', 12.50, now(), now(), now(), 'd')`);

  const open = (path: string): Promise<Frame> => openAdmin(demo.view.page, demo.pages.admin.appPage + path);
  const preview = (frame: Frame) => frame.frameLocator("iframe[title^=Preview]").locator("body");
  const code = (frame: Frame): Locator => frame.locator(".cm-content");
  const write = async (frame: Frame, text: string): Promise<void> => {
    await code(frame).click();
    await demo.view.page.keyboard.press("ControlOrMeta+a");
    await demo.view.page.keyboard.insertText(text);
  };

  it("say that there are no blocks, and how to make one", async () => {
    const frame = await open("/app/content");
    await frame.getByText("No blocks yet").waitFor();
    expect(await hindrances(frame)).toEqual([]);
    await frame
      .getByRole("button", { name: "Create block" })
      .or(frame.getByRole("link", { name: "Create block" }))
      .first()
      .click();
    await frame.getByRole("heading", { name: "New block" }).waitFor();
  });

  it("make a block, show it to nobody and to somebody, complete its names, and say what is wrong with it", async () => {
    const frame = await open("/app/content/new");
    await frame.getByLabel("Name", { exact: true }).fill("Welcome back");
    await frame.getByRole("button", { name: "Create block" }).click();
    await frame.getByRole("heading", { level: 1, name: "Welcome back" }).waitFor();
    await frame.getByText("Storefront block with the handle welcome-back").waitFor();
    await preview(frame).getByText("Hi there").waitFor();

    await frame.getByLabel("Shown to", { exact: true }).fill("anna");
    await frame.getByRole("option", { name: "Anna Schmidt" }).click();
    await preview(frame).getByText("Hi Anna").waitFor();
    await preview(frame).getByText("£12.50").waitFor();

    await write(frame, "{% if customer_segment == 'Loyal' %}Dear {{ first_name }}{% endif %}");
    await expect.poll(() => preview(frame).innerText(), { timeout: 20_000 }).toBe("Dear Anna");

    await write(frame, "Hi {{ frist_name }}{{ email | upcas }}");
    await frame.getByText("Line 1 Column 31: There is no filter upcas. Did you mean upcase?").waitFor();
    expect(await frame.getByRole("button", { name: "Publish" }).isDisabled()).toBe(true);
    await frame.locator(".cm-lintRange-error").hover();
    await frame.getByRole("button", { name: "Write upcase" }).click();
    await frame.getByText("Line 1 Column 7: Nothing is called frist_name").waitFor();
    await expect.poll(() => preview(frame).innerText(), { timeout: 20_000 }).toBe("Hi ANNA@EXAMPLE.COM");

    await write(frame, "");
    await demo.view.page.keyboard.type("{{ last_", { delay: 40 });
    await frame.locator(".cm-tooltip-autocomplete").getByText("last_order_date").waitFor();
    expect(await hindrances(frame)).toEqual([]);
  });

  it("let no script of a block run in its preview", async () => {
    const frame = await open("/app/content/new");
    await code(frame).waitFor();
    await write(frame, "<p id=x>before</p><script>document.getElementById('x').textContent = 'ran'</script>");
    await preview(frame).getByText("before").waitFor();
    expect(demo.view.complaints.splice(0).every((complaint) => /script/i.test(complaint))).toBe(true);
  });

  it("publish, keep a draft beside it, throw it away, and go back to a version", async () => {
    const frame = await open("/app/content");
    await frame.getByRole("link", { name: "Welcome back" }).click();
    await code(frame).waitFor();
    await publish(frame, "first", "The first words");
    await frame.getByText("Version 1 is live").waitFor();
    await publish(frame, "second", "Other words");
    await frame.getByText("Version 2 is live").waitFor();
    await write(frame, "third");
    const asked: string[] = [];
    demo.view.page.once("dialog", (dialog) => {
      asked.push(dialog.message());
      void dialog.dismiss();
    });
    await frame.getByRole("link", { name: "Content" }).click();
    await expect.poll(() => asked).toEqual(["Leave page with unsaved changes?"]);
    const bar = demo.view.page.getByText("Unsaved changes");
    await demo.view.page.getByRole("button", { name: "Save", exact: true }).click();
    await frame.getByText("This is a draft; what is live is another").waitFor();
    await bar.waitFor({ state: "hidden" });
    await frame.getByRole("button", { name: "Throw the draft away" }).click();
    await expect.poll(() => code(frame).innerText()).toBe("second");
    await frame.getByRole("button", { name: "Edit from this: version 1" }).click();
    await expect.poll(() => code(frame).innerText()).toBe("first");
    expect(await frame.getByText("Other words").isVisible()).toBe(true);
  });

  it("ask before a block is deleted, and bring it back", async () => {
    const frame = await open("/app/content");
    await frame.getByRole("link", { name: "Welcome back" }).click();
    await code(frame).waitFor();
    await frame.getByRole("button", { name: "Delete" }).click();
    await dialogOf(frame).dialog.getByRole("button", { name: "Delete" }).click();
    await frame.getByRole("button", { name: "Bring back Welcome back" }).click();
    await frame.getByText("The block is back as it was").waitFor();
    await expect.poll(() => frame.getByText("Version 2 live").isVisible()).toBe(true);
    expect(await frame.getByRole("button", { name: "Bring back Welcome back" }).count()).toBe(0);
  });

  it("know nothing of another shop's blocks", async () => {
    await demo.pages.tell({
      sql: `INSERT INTO content_blocks (id, shop_id, handle, name, place, draft_source, draft_author, draft_at, created_at)
            VALUES (900, 2, 'theirs', 'Theirs', 'email', 'x', 'Staff', now(), now())`,
    });
    const list = await open("/app/content");
    expect(await list.locator("body").innerText()).not.toContain("Theirs");
    const frame = await open("/app/content/900");
    await frame.getByRole("heading", { name: "There is no such block" }).waitFor();
    demo.view.complaints.splice(0, Infinity, ...demo.view.complaints.filter((complaint) => !complaint.includes("404")));
  });

  it("fit a phone", async () => {
    const { page, complaints } = await onPhone(demo.view);
    for (const path of ["/app/content", "/app/content/new", "/app/content/1"]) {
      const frame = await openAdmin(page, demo.pages.admin.appPage + path);
      await frame.getByRole("heading", { level: 1 }).waitFor();
      expect(await hindrances(frame)).toEqual([]);
      const width = await frame.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      expect(width[0]).toBe(width[1]);
    }
    expect(complaints).toEqual([]);
  });

  async function publish(frame: Frame, text: string, message: string): Promise<void> {
    await write(frame, text);
    await expect.poll(() => preview(frame).innerText(), { timeout: 20_000 }).toBe(text);
    await frame.getByRole("button", { name: "Publish" }).click();
    const { dialog, inside } = dialogOf(frame);
    await inside.getByLabel("What changed, and why").fill(message);
    await dialog.getByRole("button", { name: "Publish" }).click();
    await dialog.waitFor({ state: "hidden" });
  }
});
