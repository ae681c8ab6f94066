import { readdir, readFile } from "node:fs/promises";
import { expect, it } from "vitest";

const ROUTES = new URL("../../app/routes/", import.meta.url);

it("every route of the embedded admin passes its headers on, or App Bridge would not repeat its calls with a fresh token", async () => {
  const names = (await readdir(ROUTES)).filter((name) => /^app[.].*tsx?$/.test(name));
  expect(names).toContain("app._index.tsx");
  const silent: string[] = [];
  for (const name of names) {
    const text = await readFile(new URL(name, ROUTES), "utf8");
    if (!/export (const|function) headers\b/.test(text)) silent.push(name);
  }
  expect(silent).toEqual([]);
});
