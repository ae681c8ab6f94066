import { mkdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { adminPages } from "../support/admin-pages.ts";
import { DESK, launchBrowser, openAdmin, openView, PHONE } from "../support/browser.ts";
import type { Progress } from "./progress.ts";
import type { DemoApp } from "./start-app.ts";

const FOLDER = fileURLToPath(new URL("../screenshots/", import.meta.url));
/** The admin around the page, above and below it. */
const FRAME_PX = 120;
const HIGHEST_PX = 3_000;
/** Until what a page looks up by itself has come. */
const DRAWN_AFTER_MS = 1_500;

/** The main pages, on a desk and on a phone, in English and in German. @returns the folder they are in. */
export async function takeScreenshots(app: DemoApp, appPage: string, progress: Progress): Promise<string> {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const pages = (await adminPages(app.muster.db, app.shop.id)).filter(({ main }) => main);
  const browser = await launchBrowser();
  try {
    for (const locale of ["en-GB", "de-DE"]) {
      for (const [screen, size] of [
        ["desk", DESK],
        ["phone", PHONE],
      ] as const) {
        const { page } = await openView(browser, size, locale);
        for (const { name, path } of pages) {
          progress.show(`Taking ${name}, ${screen}, ${locale}`);
          await openWhole(page, `${appPage}${path}`, size);
          await page.screenshot({ path: `${FOLDER}${name}-${screen}-${locale.slice(0, 2)}.png` });
        }
        await page.context().close();
      }
    }
  } finally {
    await browser.close();
  }
  return FOLDER;
}

/** Opens a page in a window as high as it is. */
async function openWhole(page: Page, url: string, size: typeof DESK): Promise<void> {
  await page.setViewportSize(size);
  const frame = await openAdmin(page, url);
  await page.waitForTimeout(DRAWN_AFTER_MS);
  const height = await frame.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ ...size, height: Math.min(HIGHEST_PX, Math.max(size.height, height + FRAME_PX)) });
  await page.waitForTimeout(DRAWN_AFTER_MS / 5);
}
