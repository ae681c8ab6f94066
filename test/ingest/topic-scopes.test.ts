import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { lostWithout } from "../../app/ingest/topic-scopes.ts";

const toml = readFileSync(join(import.meta.dirname, "../../shopify.app.toml"), "utf8");
const asked = /^scopes = "(.+)"$/m.exec(toml)?.[1]?.split(",") ?? [];

it("says what is lost without each permission the app asks for, and nothing when it has all", () => {
  expect(asked.length).toBeGreaterThan(3);
  expect(lostWithout(asked)).toEqual([]);
  for (const scope of asked) {
    // Whoever may write may read.
    const gone = asked.filter((other) => other === scope || other === scope.replace("read_", "write_"));
    const left = asked.filter((other) => !gone.includes(other));
    expect(lostWithout(left).map((lost) => lost.scope)).toEqual(gone);
  }
});

it("takes a permission to write for one to read", () => {
  const granted = asked.map((scope) => scope.replace("read_products", "write_products"));
  expect(lostWithout(granted)).toEqual([]);
});
