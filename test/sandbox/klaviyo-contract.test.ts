import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readOpenApi, trimKlaviyo } from "../contracts/trim-klaviyo.ts";

const shared = process.env["MUSTER_SHARED"] ?? join(import.meta.dirname, "../../../shared");
const full = join(shared, "contracts/klaviyo-openapi.json.gz");
const committed: unknown = JSON.parse(readFileSync(new URL("../contracts/klaviyo.json", import.meta.url), "utf8"));

test.skipIf(!existsSync(full))(
  `the committed Klaviyo contract is the full one cut down (skipped without ${full})`,
  () => {
    expect(committed).toEqual(trimKlaviyo(readOpenApi(full)));
  },
);

test("the committed contract carries the documented limits, those that stand in prose included", () => {
  expect(committed).toMatchObject({
    info: { version: "2026-07-15" },
    paths: {
      "/api/accounts": { get: { "x-klaviyo-ratelimit": { burst: "1/s", steady: "15/m" } } },
      "/api/profile-bulk-import-jobs": { post: { "x-klaviyo-ratelimit": { burst: "10/s", steady: "150/m" } } },
      "/api/lists": { post: { "x-klaviyo-ratelimit": { burst: "10/s", steady: "150/m", daily: "150/d" } } },
      "/api/lists/{id}/profiles": { get: { "x-klaviyo-ratelimit": { burst: "75/s", steady: "750/m" } } },
      "/api/profiles/{id}": {
        get: {
          "x-slower-when": [
            { parameter: "include", value: "lists", burst: "1/s", steady: "15/m" },
            { parameter: "include", value: "segments", burst: "1/s", steady: "15/m" },
          ],
        },
      },
      "/api/events": { post: { "x-klaviyo-ratelimit": { burst: "350/s", steady: "3500/m" } } },
    },
  });
});
