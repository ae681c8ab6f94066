import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import type AxeCore from "axe-core";
import type { Frame, Locator } from "playwright-core";

/** The card with this heading. */
export function card(frame: Frame, heading: string): Locator {
  const headings = frame.getByRole("heading", { name: heading, exact: true });
  return frame.locator(".Polaris-ShadowBevel").filter({ has: headings });
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

/** What axe-core finds to hinder anybody, with where it is. */
export async function hindrances(frame: Frame): Promise<string[]> {
  if (!(await frame.evaluate(() => "axe" in window))) await frame.evaluate(AXE);
  return frame.evaluate(async () => {
    // Half of a dialog that is going has no colours to judge.
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map(({ finished }) => finished));
    const { axe } = window as unknown as { axe: typeof AxeCore };
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
  });
}
