import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Db } from "../../app/platform/db.server.ts";
import { lasting } from "../../app/sync/authorization.ts";
import type { Person } from "../../app/sync/destination.ts";
import { createTransport } from "../../app/sync/http.ts";
import { createKlaviyoClient } from "../../app/sync/klaviyo/client.ts";
import { type Imported, importPeople } from "../../app/sync/klaviyo/import-people.ts";
import { OPERATIONS } from "../../app/sync/klaviyo/operations.ts";
import { rejectedBy } from "../../app/sync/mailchimp/refusal.ts";
import { Refused } from "../../app/sync/retry-classes.ts";
import type { Limits } from "../../app/sync/limits/limiter.ts";
import { createLocalLimits } from "../../app/sync/limits/local-limits.ts";
import { syncAudience } from "../../app/sync/sync-audience.server.ts";
import type { FaultSettings } from "../sandbox/faults.ts";
import { addressOf, createWorld, crowd } from "./world.ts";
import { openAnyDatabase } from "../support/database.ts";

let db: Db;
beforeAll(async () => {
  db = await openAnyDatabase();
});
afterAll(() => db.close());

const CLASHING = 20;

/** The usual limits, where all single imports are always used up by others unless told otherwise. */
function limitsWith({ singles }: { singles: boolean }): Limits {
  const usual = createLocalLimits();
  return {
    of(account, operation, allowance) {
      const { run, available } = usual.of(account, operation, allowance);
      return { run, available: async () => (singles || operation !== "importProfile" ? available() : 0) };
    },
  };
}

const ANSWERS_LOST: FaultSettings = {
  rate500: 0.1,
  timeoutAfterApply: 0.1,
  badBody: 0.15,
  truncated: 0.15,
  holdMillis: 1,
};

describe("whom Klaviyo rejects is who it says so of, and nobody whom its faults have met", () => {
  test.concurrent.each([
    ["answers that are lost, late, pages or halves", 70, { singles: true, faults: { ...ANSWERS_LOST, partial: 0.5 } }],
    [
      "jobs of which half the rows fail each time, with no room to ask alone",
      400,
      { singles: false, faults: { partial: 1 } },
    ],
  ])("%s", { timeout: 60_000 }, async (_, count, { singles, faults }) => {
    const world = await createWorld(db, "klaviyo");
    // Well-formed for us, and not for Klaviyo.
    const malformed = { id: count + 1, email: "nobody@bad..example.com" };
    try {
      // These people's external ids are those of profiles with other addresses, as after they changed theirs.
      for (const { id } of crowd(CLASHING))
        for (const attributes of [
          { email: `old-${id}@example.com`, external_id: String(id) },
          { email: addressOf(id) },
        ])
          await world.vendor.call("POST /api/profiles", { data: { type: "profile", attributes } });
      await world.put([...crowd(count), malformed]);
      await world.connect();
      await world.vendor.faults({ ...faults, seed: 5 });
      const { audienceId } = await world.overview();
      const destinations = world.otherDestinations(limitsWith({ singles }));
      let ahead = 0;
      const now = (): Date => new Date(Date.now() + ahead);
      const options = { db, shop: world.shop, audienceId, destinations, now, random: () => 0 };
      for (let pass = 0; pass < 60; pass += 1) {
        if (pass === 30) await world.vendor.faults({});
        const result = await syncAudience(options);
        if (result.outcome === "settled") break;
        if (result.outcome === "paused") throw new Error(result.reason);
        ahead += Math.max(0, result.nextAt.getTime() - now().getTime());
      }

      const { rows } = await db.query(
        `SELECT customer_id::int AS id, rejection FROM audience_members WHERE audience_id = $1 AND rejection IS NOT NULL`,
        [audienceId],
      );
      expect(rows).toEqual([{ id: malformed.id, rejection: "invalid: Invalid email address" }]);
      const addresses = crowd(count).map(({ id }) => addressOf(id));
      expect((await world.vendor.audiences())[0]?.members).toEqual(addresses.toSorted());
      expect(await world.overview()).toMatchObject({ due: 0, acked: count, exceptions: { rejected: 1 } });
    } finally {
      await world.vendor.close();
    }
  });
});

type Answer = [status: number, body?: unknown];

const said = (status: number, code: string, detail: string, pointer = "/data/"): Answer => [
  status,
  { errors: [{ id: "1", status, code, title: "Title.", detail, source: { pointer }, links: {}, meta: {} }] },
];
const PAGE = "<html><body>Bad gateway</body></html>";
const CLASH = said(409, "duplicate_profile", "A profile already exists with one of these identifiers.");
const MADE: Answer = [201, { data: { type: "profile", id: "01P" } }];
const imported = { outcome: "imported", profileId: "01P" };
const again: Imported = { outcome: "retry", afterMs: null, countsAsAttempt: true };

/** What an import comes to by Klaviyo's answers, one after the other; a text is one that is no JSON, or half of it. */
async function importing(count: number, singles: number, answers: readonly Answer[]): Promise<Imported[]> {
  const left = [...answers];
  const fetch = async (): Promise<Response> => {
    const [status, body] = left.shift() ?? [500];
    return new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
  };
  const limits = createLocalLimits();
  const sleep = async (): Promise<void> => {};
  const client = createKlaviyoClient({
    transport: createTransport({ vendor: "Klaviyo", fetch }),
    baseUrl: "https://a.klaviyo.com",
    authorization: lasting("key"),
    limiter: (operation) => limits.of("account", operation, OPERATIONS[operation]),
    priority: "addition",
    sleep,
  });
  const people = crowd(count).map(({ id }): Person => ({
    customerId: String(id),
    email: addressOf(id),
    firstName: null,
    lastName: null,
    consent: "subscribed",
    consentedAt: null,
    remoteId: null,
    traits: null,
  }));
  const results = await importPeople(people, { client, sleep, singlesAvailable: async () => singles });
  expect(left).toEqual([]);
  return people.map((person) => results.get(person) ?? again);
}

test.concurrent.each<[string, Answer[], unknown]>([
  [
    "what it says of a field",
    [said(400, "invalid", "ada@example.com will not do", "/data/attributes/email")],
    {
      outcome: "rejected",
      code: "invalid",
      words: "[address] will not do",
    },
  ],
  ["a clash of external ids, without which they are taken", [CLASH, MADE], imported],
  ["a clash that a page stands for", [[409, PAGE]], again],
  ["half of a clash", [[409, JSON.stringify(CLASH[1]).slice(0, 60)]], again],
  ["a page that blames the request", [[400, PAGE]], again],
  ["somebody else's JSON", [[400, { message: "blocked" }]], again],
  ["what is too large, whoever says so", [[413, PAGE]], { outcome: "rejected", code: "http_413", words: "" }],
  ["nothing there", [said(404, "not_found", "Not found.")], again],
  ["an account that has to pay", [said(402, "payment_required", "Pay.")], again],
  ["an error of the server", [said(500, "error", "A server error occurred.")], again],
])("of one person: %s", async (_, answers, expected) => {
  expect(await importing(1, 10, answers)).toEqual([expected]);
});

/** Klaviyo's word on the second row of a job of two. */
const row = (code: string, pointer: string): Answer => [
  200,
  { data: [{ attributes: { code, title: "Title.", detail: "Words.", source: { pointer }, original_payload: {} } }] },
];
const QUEUED: Answer = [202, { data: { id: "job" } }];
const DONE: Answer = [200, { data: { attributes: { status: "complete", failed_count: 1 } } }];
const FOUND: Answer = [200, { data: [{ id: "01P", attributes: { email: addressOf(1) } }] }];

test.concurrent.each<[string, number, Answer[], unknown]>([
  [
    "a field",
    0,
    [row("invalid", "/data/attributes/profiles/data/1/attributes/email"), FOUND],
    {
      outcome: "rejected",
      code: "invalid",
      words: "Words.",
    },
  ],
  [
    "no field, which is asked about alone",
    1,
    [row("error", "/data/attributes/profiles/data/1"), FOUND, MADE],
    imported,
  ],
  [
    "no field, and alone why",
    1,
    [row("error", "/data/attributes/profiles/data/1"), FOUND, said(400, "x", "Why.")],
    {
      outcome: "rejected",
      code: "x",
      words: "Why.",
    },
  ],
  ["no field, with no room to ask", 0, [row("weird", "/data/attributes/profiles/data/1"), FOUND], again],
])("of a row of a job: %s", async (_, singles, answers, expected) => {
  expect(await importing(2, singles, [QUEUED, DONE, ...answers])).toEqual([imported, expected]);
});

test.each([
  [400, { title: "Invalid Resource", detail: "Looks fake" }, "invalid_resource"],
  [400, "<html>Bad gateway</html>", null],
  [422, undefined, null],
  [413, undefined, "http_413"],
])("Mailchimp's %i with %j rejects a person only in Mailchimp's own words", (status, body, code) => {
  const outcome = rejectedBy(new Refused(status, body));
  expect(outcome.outcome === "rejected" ? outcome.code : null).toBe(code);
});
