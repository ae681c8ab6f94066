import { expect, it } from "vitest";
import { readSettings } from "../../app/platform/env.server.ts";

const GIVEN = {
  SHOPIFY_API_KEY: "key",
  SHOPIFY_API_SECRET: "secret",
  MUSTER_ENCRYPTION_KEY: "sealed",
  WEBHOOK_SANDBOX_URL: "http://127.0.0.1:9999",
};

it("lets automations call this machine only where the app is on it too", () => {
  const local = readSettings({ ...GIVEN, SHOPIFY_APP_URL: "http://localhost:3000" });
  expect(local.WEBHOOK_SANDBOX_URL).toBe("http://127.0.0.1:9999");
  expect(() => readSettings({ ...GIVEN, SHOPIFY_APP_URL: "https://muster.example.com" })).toThrow(
    "WEBHOOK_SANDBOX_URL: is for the demo and the tests, and SHOPIFY_APP_URL is not on this machine",
  );
  const { WEBHOOK_SANDBOX_URL: _none, ...without } = GIVEN;
  expect(
    readSettings({ ...without, SHOPIFY_APP_URL: "https://muster.example.com" }).WEBHOOK_SANDBOX_URL,
  ).toBeUndefined();
});
