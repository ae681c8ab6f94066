import { afterAll, beforeAll, expect, test } from "vitest";
import { catalogue } from "../../app/jobs/catalogue.ts";
import { createDestinationAdmin } from "../../app/jobs/destination-admin.server.ts";
import { createLocalQueue } from "../../app/jobs/local-queue.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { createLog } from "../../app/platform/log.server.ts";
import { audiencesToCompare, isComparisonDue } from "../../app/sync/sync-store.server.ts";
import { openAnyDatabase } from "../support/database.ts";
import { createWorld } from "./world.ts";

let db: Db;
beforeAll(async () => {
  db = await openAnyDatabase();
});
afterAll(() => db.close());

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
