import type { Frame, Locator, Page } from "playwright-core";

/** Between one thing and the next: people are slower, and a press that waits for the last one counts all the same. */
const PAUSE_MS = 150;
/** A quick writer's pace. */
const KEY_MS = 100;
/** Of each kind of thing so many are used. */
const MOST = 2;
const GIVE_UP_MS = 5_000;

/**
 * Uses what is on the page: goes along it by keyboard, writes into fields and editors, turns to tabs, opens what opens, ticks what can be ticked, chooses from a
 * list, and follows a link at the end. Nothing is sent. @throws when there is nothing to use.
 */
export async function useWhatIsThere(page: Page, frame: Frame): Promise<void> {
  const main = frame.locator("main");
  let used = 0;
  const each = async (selector: string, most: number, use: (found: Locator) => Promise<unknown>): Promise<void> => {
    let left = most;
    for (const found of await main.locator(selector).all()) {
      if (left === 0) return;
      if (!(await found.isVisible()) || !(await found.isEnabled())) continue;
      await use(found);
      left -= 1;
      used += 1;
      await page.waitForTimeout(PAUSE_MS);
    }
  };
  const click = (found: Locator): Promise<void> => found.click({ timeout: GIVE_UP_MS });
  const write = async (found: Locator): Promise<void> => {
    await click(found);
    await page.keyboard.type("ab 12", { delay: KEY_MS });
    await page.keyboard.press("Escape");
  };
  const press = (key: string) => async (found: Locator) => {
    await found.focus();
    await page.keyboard.press(key);
  };
  await main.focus();
  for (let steps = 0; steps < MOST; steps += 1) await page.keyboard.press("Tab", { delay: KEY_MS });
  await each(TEXT_FIELDS, MOST, write);
  await each("[role=tab][aria-selected=false]", MOST, click);
  await each(".cm-content", MOST, write);
  await each("button[aria-expanded=false]:not([role=tab]), summary", MOST, async (found) => {
    await click(found);
    await page.waitForTimeout(PAUSE_MS);
    await page.keyboard.press("Escape");
  });
  await each("input[type=checkbox], input[type=radio]", MOST, press("Space"));
  await each("select", MOST, press("ArrowDown"));
  await each("a[href^='/app']", 1, click);
  if (used === 0) throw new Error(`There is nothing to use at ${frame.url()}.`);
}

const TEXT_FIELDS =
  ":is(input[type=text], input[type=search], input:not([type]), textarea):not([readonly]):not([aria-hidden=true])";
