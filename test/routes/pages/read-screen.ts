import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import type AxeCore from "axe-core";
import type { Frame, FrameLocator, Locator } from "playwright-core";

/** The card with this heading. */
export function card(frame: Frame, heading: string): Locator {
  const headings = frame.getByRole("heading", { name: heading, exact: true });
  return frame.locator(".Polaris-ShadowBevel").filter({ has: headings });
}

/** The dialog that the admin shows: it draws title and buttons, and `inside` is what the app has put in it. */
export function dialogOf(frame: Frame, name?: string): { dialog: Locator; inside: FrameLocator } {
  const dialog = frame.page().getByRole("dialog", name === undefined ? {} : { name });
  return { dialog, inside: dialog.frameLocator("iframe") };
}

/** The words that can be seen of a part of the page, line by line and cell by cell. */
export async function wordsIn(part: Locator): Promise<string[]> {
  return (await part.evaluate(textsOf)).flatMap(linesOf);
}

/** The words of each of the parts that are there now. */
export async function wordsInEach(parts: Locator): Promise<string[][]> {
  return (await parts.evaluateAll(textsOf)).map(linesOf);
}

/** Runs in the page. */
function textsOf(parts: Element | Element[]): string[] {
  return [parts].flat().map((part) => {
    // Words for screen readers only, as the tone of a badge, are laid out too, one pixel wide.
    const unseen = part.querySelectorAll<HTMLElement>(".Polaris-Text--visuallyHidden");
    for (const { style } of unseen) style.display = "none";
    const { innerText } = part as HTMLElement;
    for (const { style } of unseen) style.removeProperty("display");
    return innerText;
  });
}

function linesOf(text: string): string[] {
  return text
    .split(/[\n\t]+/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** The rows of a table that has some, without its headings, each as its words. */
export async function rowsOf(table: Locator): Promise<string[][]> {
  await table.locator("tbody tr").first().waitFor();
  return wordsInEach(table.locator("tbody tr"));
}

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds to hinder anybody in the app's frame and in the dialogs beside it, with where it is. */
export async function hindrances(frame: Frame): Promise<string[]> {
  const admin = frame.page().mainFrame();
  const inDialogs = admin.childFrames().filter((child) => child !== frame);
  // The dialog around what is in it is the admin's, and so is the page's first heading.
  const found = [await judge(frame), ...(await Promise.all(inDialogs.map((inside) => judge(inside, NO_PAGE))))];
  if (inDialogs.length > 0) found.push(await judge(admin, [], "dialog"));
  return found.flat();
}

const NO_PAGE = ["landmark-one-main", "page-has-heading-one", "region"];

async function judge(frame: Frame, without: readonly string[] = [], part?: string): Promise<string[]> {
  if (!(await frame.evaluate(() => "axe" in window))) await frame.evaluate(AXE);
  return frame.evaluate(
    async ([without, part]) => {
      // Half of a dialog that is going has no colours to judge.
      const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
      await Promise.allSettled(ending.map(({ finished }) => finished));
      const { axe } = window as unknown as { axe: typeof AxeCore };
      const { violations } = await axe.run(part ?? document, {
        resultTypes: ["violations"],
        iframes: false,
        rules: Object.fromEntries(without.map((rule) => [rule, { enabled: false }])),
      });
      return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
    },
    [without, part] as const,
  );
}
