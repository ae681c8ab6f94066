import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, onTestFinished } from "vitest";
import { DESK, launchBrowser, openView, PHONE, type View } from "../../support/browser.ts";
import { DEMO_SHOP, NOW } from "./demo-shop.ts";
import { type Pages, startPages } from "./start-pages.ts";

export interface ShownPages {
  pages: Pages;
  browser: Browser;
  view: View;
}

/** The page in a window as small as a phone's until the test is over: a page of its own takes the browser a second. */
export async function onPhone({ page, complaints }: View): Promise<View> {
  await page.setViewportSize(PHONE);
  onTestFinished(() => page.setViewportSize(DESK));
  return { page, complaints };
}

/**
 * Before the tests of a `describe`: the pages of the demo shop in a browser. After each: whatever it has not taken away as
 * expected is one complaint too many.
 * @param sql what the shop has besides
 * @param expected complaints that the browser makes of answers the tests ask for
 * @returns filled when the tests begin
 */
export function showPages(sql: string, expected?: RegExp): ShownPages {
  const shown = {} as ShownPages;
  beforeAll(async () => {
    [shown.pages, shown.browser] = await Promise.all([startPages(NOW), launchBrowser()]);
    shown.view = await openView(shown.browser);
    shown.view.page.setDefaultTimeout(20_000);
    await shown.pages.tell({ sql: DEMO_SHOP });
    if (sql !== "") await shown.pages.tell({ sql });
  }, 300_000);
  afterAll(() => Promise.all([shown.browser?.close(), shown.pages?.close()]));
  afterEach(() => {
    expect(shown.view.complaints.splice(0).filter((complaint) => !expected?.test(complaint))).toEqual([]);
    expect(shown.pages.logged.splice(0)).toEqual([]);
  });
  return shown;
}
