import { afterAll, beforeAll, expect, test } from "vitest";
import { catalogue } from "../../app/jobs/catalogue.ts";
import { createDestinationAdmin } from "../../app/jobs/destination-admin.server.ts";
import { createLocalQueue } from "../../app/jobs/local-queue.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { createLog } from "../../app/platform/log.server.ts";
import { dropComparisonsBefore, saveComparison } from "../../app/sync/comparisons-store.server.ts";
import { erasePerson } from "../../app/privacy/personal-rows-store.server.ts";
import { createHash } from "node:crypto";
import { audiencesToCompare, isComparisonDue } from "../../app/sync/sync-store.server.ts";
import { openAnyDatabase } from "../support/database.ts";
import { createWorld } from "./world.ts";

let db: Db;
beforeAll(async () => {
  db = await openAnyDatabase();
});
afterAll(() => db.close());

const DAY_MS = 86_400_000;

/** A world and the pages of its merchant. */
async function createAsked() {
  const world = await createWorld(db, "mailchimp");
  const { rows } = await db.query<{ domain: string }>("SELECT domain FROM shops WHERE id = $1", [world.shop]);
  const queue = createLocalQueue({ catalogue, log: createLog("silent") });
  const admin = createDestinationAdmin({
    db,
    destinations: world.destinations,
    queue,
    crypto: world.crypto,
    appUrl: "https://muster.example",
  });
  const open = async () => {
    const { destinationId } = await world.overview();
    const page = await admin.open(rows[0]?.domain ?? "", String(destinationId));
    if (page.outcome !== "found" || !page.segments[0]?.audience) throw new Error(page.outcome);
    return page.segments[0].audience;
  };
  const close = async () => {
    await queue.close();
    await world.vendor.close();
  };
  return { world, admin, domain: rows[0]?.domain ?? "", open, close };
}

async function textOf(lines: AsyncIterable<string> | undefined): Promise<string> {
  return (await Array.fromAsync(lines ?? [])).join("");
}

test("a comparison can be asked for, and everybody who is not in the audience is in a file, with the reason", async () => {
  const { world, admin, domain, open, close } = await createAsked();
  await world.put([
    { id: 1, firstName: "=Ada" },
    { id: 2, consent: "unsubscribed" },
    { id: 3, email: null },
    { id: 4, email: "no address" },
    { id: 5 },
    { id: 6, firstName: "=Bo", consent: "not_subscribed" },
  ]);
  await world.connect();
  await world.settle();
  expect(await world.reconcile()).toMatchObject({ equal: true, audience: 2 });
  const { audienceId } = await world.overview();
  const yesterday = new Date(Date.now() - 86_400_000);
  const due = async () => [
    await isComparisonDue(db, world.shop, audienceId, yesterday),
    (await audiencesToCompare(db, yesterday)).some((one) => one.audienceId === audienceId),
  ];
  expect(await due()).toEqual([false, false]);
  expect(await admin.compare(domain, audienceId)).toMatchObject({ outcome: "done" });
  expect(await due()).toEqual([true, true]);
  expect(await open()).toMatchObject({ comparing: true });
  await world.reconcile();
  expect(await due()).toEqual([false, false]);
  expect(await open()).toMatchObject({ comparing: false, report: { members: 6, audience: 2, equal: true } });

  await world.put([{ id: 7 }]);
  const { exceptionsPath, exceptions } = await open();
  expect(exceptions).toEqual({ no_consent: 2, no_email: 1, rejected: 1, pending: 1 });
  const file = await admin.exceptions(exceptionsPath.replace("/exceptions/", ""));
  expect(file?.name).toMatch(/^loyal-exceptions-\d{4}-\d\d-\d\d\.csv$/);
  expect((await textOf(file?.lines)).split("\r\n")).toEqual([
    "customer_id,email,first_name,last_name,exception,words",
    "2,person-2@example.com,Ada,,no_consent,",
    "3,,Ada,,no_email,",
    "4,no address,Ada,,rejected,malformed_address",
    "6,person-6@example.com,'=Bo,,no_consent,",
    "7,person-7@example.com,Ada,,pending,",
    "",
  ]);

  // What was made up opens nothing, and another shop asks in vain.
  const other = await createAsked();
  expect(await admin.exceptions(`${exceptionsPath.slice("/exceptions/".length, -4)}AAAA`)).toBeNull();
  expect(await other.admin.compare(other.domain, audienceId)).toEqual({ outcome: "gone" });
  await other.close();
  await close();
});

test("every comparison is kept with its date and who it names, for 90 days, a hundred of an audience, and without who is erased", async () => {
  const { world, admin, domain, open, close } = await createAsked();
  await world.put([{ id: 1 }, { id: 2, consent: "unsubscribed" }, { id: 3 }, { id: 4, email: "no address" }]);
  await world.connect();
  await world.settle();
  await world.reconcile();
  const [list] = await world.vendor.audiences();
  const segment = `/3.0/lists/5a4db0c5e1/segments/${list?.id}`;
  const hand = { email_address: "by-hand@example.com", status: "subscribed" };
  await world.vendor.call("POST /3.0/lists/5a4db0c5e1/members", hand);
  await world.vendor.call(`POST ${segment}`, {
    members_to_add: [hand.email_address],
    members_to_remove: ["person-1@example.com"],
  });
  await world.leave([3]);
  await world.reconcile();
  await world.put([{ id: 2, firstName: "Renamed", consent: "unsubscribed" }]);

  const { audienceId, destinationId } = await world.overview();
  const listed = async () => {
    const found = await admin.comparisons(domain, String(destinationId), String(audienceId));
    if (found.outcome !== "found") throw new Error(found.outcome);
    return found.comparisons;
  };
  const fileOf = async (path: string | null | undefined) => {
    const file = await admin.exceptions(path?.replace("/exceptions/", "") ?? "");
    return { name: file?.name, lines: (await textOf(file?.lines)).split("\r\n").slice(1, -1) };
  };
  const [second, first] = await listed();
  expect(first?.report).toMatchObject({ members: 4, audience: 2, equal: true, missing: 0, extra: 0 });
  expect(second?.report).toMatchObject({ members: 3, audience: 2, equal: false, missing: 1, extra: 2, strangers: 1 });
  expect(second?.at.getTime()).toBeGreaterThan(first?.at.getTime() ?? Infinity);
  const refused = "4,no address,Ada,,rejected,malformed_address";
  expect((await fileOf(first?.path)).lines).toEqual(["2,person-2@example.com,Renamed,,no_consent,", refused]);
  const known = createHash("md5").update(hand.email_address).digest("hex");
  const later = await fileOf(second?.path);
  expect(later.name).toMatch(/^loyal-compared-\d{4}-\d\d-\d\dT\d{4}\.csv$/);
  expect(later.lines).toEqual([
    "1,person-1@example.com,Ada,,missing,",
    "2,person-2@example.com,Renamed,,no_consent,",
    "3,person-3@example.com,Ada,,still_in,",
    refused,
    `,,,,stranger,${known}`,
  ]);
  expect(await open()).toMatchObject({ report: second?.report });

  const nobody = { orders: [], phones: [], tokens: [], clients: [], externals: [], alone: false };
  await db.tx((tx) => erasePerson(tx, world.shop, { ...nobody, customers: ["2"], emails: [hand.email_address] }));
  expect((await fileOf(second?.path)).lines).toEqual([
    "1,person-1@example.com,Ada,,missing,",
    "3,person-3@example.com,Ada,,still_in,",
    refused,
  ]);

  // Another shop's token, connection or audience shows nothing of it.
  const other = await createAsked();
  expect(await other.admin.comparisons(other.domain, String(destinationId), String(audienceId))).toEqual({
    outcome: "gone",
  });
  await other.world.put([{ id: 1 }]);
  await other.world.connect();
  const theirs = String((await other.world.overview()).destinationId);
  expect(await other.admin.comparisons(other.domain, theirs, String(audienceId))).toEqual({ outcome: "gone" });
  await other.close();

  const report = second?.report;
  if (!report) throw new Error("no report");
  for (let days = 0; days < 120; days += 1)
    await saveComparison(
      db,
      world.shop,
      audienceId,
      { report, unlike: new Map([["77", "missing"]]), strangers: [] },
      new Date(Date.now() + days * DAY_MS),
    );
  const kept = await listed();
  expect(kept).toHaveLength(100);
  // A customer the shop does not know, or not any more, is not named.
  expect(kept[0]).toMatchObject({ named: 0, path: null });
  expect(await dropComparisonsBefore(db, world.shop, new Date(Date.now() + 29 * DAY_MS + 1_000), 1_000)).toBe(10);
  expect(await listed()).toHaveLength(90);
  await close();
});
