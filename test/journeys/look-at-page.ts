import type { Frame, Page } from "playwright-core";
import { hindrances } from "../routes/pages/read-screen.ts";

interface Shift {
  value: number;
  hadRecentInput: boolean;
}

/** What a page may move by while it is shown: https://web.dev/articles/cls */
const MOST_SHIFT = 0.1;

/** Lets every document that is opened in `page` from now on keep account of what moves in it. */
export async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const kept: Shift[] = [];
    Object.assign(window, { shifts: kept });
    new PerformanceObserver((list) => kept.push(...(list.getEntries() as unknown as Shift[]))).observe({
      type: "layout-shift",
      buffered: true,
    });
  });
}

/** What keeps somebody from using the page as it is shown now: what axe finds, scrolling sideways, and a focus that jumps back. */
export async function troublesOf(frame: Frame, page: Page): Promise<string[]> {
  const found = await hindrances(frame);
  for (const part of [page.mainFrame(), frame]) found.push(...(await part.evaluate(sideways)));
  found.push(...(await frame.evaluate(backwards)));
  return found;
}

/** What jumped since the document was opened, if that is more than it may. */
export async function jumpsOf(frame: Frame): Promise<string[]> {
  const shift = await frame.evaluate(() => {
    const { shifts } = window as unknown as { shifts: Shift[] };
    return shifts.reduce((sum, { value, hadRecentInput }) => (hadRecentInput ? sum : sum + value), 0);
  });
  return shift > MOST_SHIFT ? [`moved by ${shift.toFixed(3)} of the window`] : [];
}

function sideways(): string[] {
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth > clientWidth ? [`${scrollWidth} px wide in a window of ${clientWidth}`] : [];
}

/** Stops of the Tab key that lie above one that came before, in the same column. */
function backwards(): string[] {
  const stops = [...document.querySelectorAll<HTMLElement>("main :is(a[href], button, input, select, textarea)")]
    .filter((element) => element.tabIndex >= 0 && !element.matches(":disabled") && element.checkVisibility())
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 1 && box.height > 1);
  return stops.flatMap(({ element, box }, index) => {
    const isAbove = stops
      .slice(0, index)
      .some(({ box: before }) => box.bottom <= before.top && box.left < before.right && box.right > before.left);
    return isAbove ? [`the focus goes back up to ${element.outerHTML.slice(0, 120)}`] : [];
  });
}
