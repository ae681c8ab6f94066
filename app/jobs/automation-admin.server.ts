import { createHash, randomBytes } from "node:crypto";
import { type CallOut, checkAddress } from "../platform/call-out.server.ts";
import type { Clock } from "../platform/clock.ts";
import type { Crypto } from "../platform/crypto.server.ts";
import type { Db, Sql } from "../platform/db.server.ts";
import type { IdPage, IdWindow } from "../platform/id-window.ts";
import { newSigningSecret } from "../platform/signed-message.ts";
import { beginErasure } from "../ingest/erased/erased-store.server.ts";
import { readShopifyId } from "../profile/search-terms.ts";
import {
  type Automation,
  type AutomationKind,
  type AutomationSettings,
  type Delivered,
  isSameTag,
  readTag,
} from "../segment/automations/automation.ts";
import {
  addAutomation,
  changeAutomation,
  listAutomations,
  readAutomation,
  endAutomation,
  removeAutomation,
  rotateSecret,
  setAutomationState,
} from "../segment/automations/automations-store.server.ts";
import { secretPlace, TAGS_NOT_GRANTED } from "../segment/automations/deliver.server.ts";
import {
  addSample,
  announceEnd,
  announcePresent,
  announceTagChange,
  countRuns,
  countTagged,
  endingAutomations,
  listRuns,
  type LoggedRun,
  replayFailed,
  replayRun,
  type RunCounts,
} from "../segment/automations/runs-store.server.ts";
import { segmentSizes } from "../segment/segment-pages-store.server.ts";
import { listSegments } from "../segment/segment-store.server.ts";
import { createAskAdmin } from "../shopify/ask-admin.server.ts";
import { recordChange } from "../shopify/audit-store.server.ts";
import type { AdminGraphql } from "../shopify/shop-info.server.ts";
import { findShop, readScopes, type Shop } from "../shopify/shop-store.server.ts";
import { t, told, tn } from "../texts/text.ts";
import { attempt, LEASE_MS } from "./automation-jobs.server.ts";
import type { Jobs } from "./catalogue.ts";
import { createPageFigures } from "./figures.ts";
import type { Queue } from "./queue.ts";

interface AboutSegment {
  shop: Shop;
  /** Real time: what is shown is what Muster did. */
  now: Date;
  segment: { id: number; key: string; name: string };
  /** What customer tags lack in this shop; null: nothing. */
  tagsNeed: string | null;
}

export interface AutomationsPage extends AboutSegment {
  automations: (Automation & Omit<RunCounts, "automationId"> & { ending: Ending | null })[];
  runs: IdPage<LoggedRun>;
}

/** From how many customers the tags of an automation that is deleted are taken, and from how many they are still to be. */
export interface Ending {
  total: number;
  left: number;
}

export interface AutomationPage extends AboutSegment {
  /** Null: a new one. */
  automation: Automation | null;
  /** How many are in the segment now. */
  members: number;
  /** How many customers have a tag that it put on. */
  tagged: number;
  ending: Ending | null;
}

export interface GivenForm {
  segmentId: number;
  /** Null: a new one. */
  id: number | null;
  kind: AutomationKind;
  name: string;
  onEntry: boolean;
  onExit: boolean;
  url: string;
  tag: string;
  /** Also for those who are in now: of one that is new, or a customer tag that is another. */
  present: boolean;
}

export type AutomationAnswer =
  /** `secret` is shown once; `present` customers are told at once, or have a tag exchanged. */
  | { outcome: "saved"; id: number; secret: string | null; present: number }
  | { outcome: "rotated"; secret: string; oldUntil: Date }
  | { outcome: "done"; words: string }
  | { outcome: "tested"; result: Tested }
  | { outcome: "refused"; field: "name" | "url" | "tag" | "when" | "customer" | null; reason: string };

/** What came back of a sample: in how many milliseconds, and how the answer of a receiver begins. */
export type Tested = Pick<Delivered, "outcome" | "status" | "words" | "start"> & { ms: number };

export interface AutomationAdmin {
  open(
    shopDomain: string,
    segmentId: string,
    asked: { customer: string; state: string; window: IdWindow },
  ): Promise<({ outcome: "found" } & AutomationsPage) | { outcome: "unknown" }>;
  /** @param automationId as it stands in the address; `new` is one that is not there yet */
  openOne(
    shopDomain: string,
    segmentId: string,
    automationId: string,
  ): Promise<({ outcome: "found" } & AutomationPage) | { outcome: "unknown" } | { outcome: "gone" }>;
  /** @param by who does it, by name; the same below */
  save(shopDomain: string, given: GivenForm, by: string): Promise<AutomationAnswer>;
  pause(shopDomain: string, id: number, by: string): Promise<AutomationAnswer>;
  resume(shopDomain: string, id: number, by: string): Promise<AutomationAnswer>;
  /** @param tags `taken`: the tags it put on are taken off first */
  remove(shopDomain: string, id: number, tags: "kept" | "taken", by: string): Promise<AutomationAnswer>;
  rotate(shopDomain: string, id: number, by: string): Promise<AutomationAnswer>;
  replay(shopDomain: string, runId: string): Promise<AutomationAnswer>;
  /** Everything that failed, in one segment. */
  replayFailed(shopDomain: string, segmentId: number): Promise<AutomationAnswer>;
  /** @param customer empty: about nobody */
  test(
    shopDomain: string,
    given: { id: number; change: "entered" | "left"; customer: string },
  ): Promise<AutomationAnswer>;
}

const PAGE = 25;
const MOST_AUTOMATIONS = 20;
/** A count that takes longer is shown as it was before. */
const COUNT_WAIT_MS = 100;
const OLD_SECRET_MS = 24 * 3_600_000;
const STATES = ["waiting", "done", "failed", "skipped", "cancelled"] as const;

function gone(): AutomationAnswer {
  return {
    outcome: "refused",
    field: null,
    reason: t("This automation does not exist any more. Load the page again."),
  };
}

export interface AutomationAdminOptions {
  db: Db;
  clock: Pick<Clock, "now">;
  queue: Queue<Jobs>;
  crypto: Crypto;
  callOut: CallOut;
  adminOf(shop: string): Promise<AdminGraphql>;
  sandboxOrigin: string | undefined;
}

/** What the admin's page of a segment's automations reads and changes. */
export function createAutomationAdmin(options: AutomationAdminOptions): AutomationAdmin {
  const { db, clock, queue, crypto, callOut, adminOf, sandboxOrigin } = options;
  const figures = createPageFigures();
  const ring = (shop: Shop, automationId: number): Promise<void> =>
    queue.ring("automations", { shopId: shop.id, automationId }, { key: String(automationId) });
  const withAutomation = async (
    shopDomain: string,
    id: number,
    then: (shop: Shop, automation: Automation) => Promise<AutomationAnswer>,
  ): Promise<AutomationAnswer> => {
    const shop = await findShop(db, shopDomain);
    const automation = shop && (await readAutomation(db, shop.id, id));
    return shop && automation ? then(shop, automation) : gone();
  };
  const freshSecret = (shop: Shop): { shown: string; sealed: Buffer } => {
    const shown = newSigningSecret(randomBytes(32));
    return { shown, sealed: crypto.seal(shown, secretPlace(shop.id)) };
  };
  const aboutSegment = async (shopDomain: string, segmentId: string): Promise<AboutSegment | null> => {
    const shop = await findShop(db, shopDomain);
    const segment = shop && (await listSegments(db, shop.id)).find(({ id }) => String(id) === segmentId);
    if (!shop || !segment) return null;
    const { id, key, name } = segment;
    return { shop, now: new Date(), segment: { id, key, name }, tagsNeed: await tagsNeed(shop) };
  };
  const tagsNeed = async (shop: Shop): Promise<string | null> => {
    const granted = await readScopes(db, shop.id);
    return granted && !granted.includes("write_customers") ? TAGS_NOT_GRANTED : null;
  };

  return {
    async open(shopDomain, segmentId, asked) {
      const about = await aboutSegment(shopDomain, segmentId);
      if (!about) return { outcome: "unknown" };
      const { shop, segment } = about;
      const counts = new Map((await countRuns(db, shop.id, segment.id)).map((count) => [count.automationId, count]));
      const endings = await endingAutomations(db, shop.id, segment.id);
      const customerId = readShopifyId(asked.customer);
      const runs =
        asked.customer !== "" && customerId === null
          ? { rows: [], more: { newer: false, older: false } }
          : await listRuns(db, shop.id, segment.id, {
              customerId,
              state: STATES.find((state) => state === asked.state) ?? null,
              window: asked.window,
              limit: PAGE,
            });
      return {
        outcome: "found",
        ...about,
        automations: (await listAutomations(db, shop.id, segment.id)).map((automation) => {
          const { waiting = 0, failed = 0 } = counts.get(automation.id) ?? {};
          return { ...automation, waiting, failed, ending: endings.get(automation.id) ?? null };
        }),
        runs,
      };
    },

    async openOne(shopDomain, segmentId, automationId) {
      const about = await aboutSegment(shopDomain, segmentId);
      if (!about) return { outcome: "unknown" };
      const { shop, segment } = about;
      const automations = automationId === "new" ? [] : await listAutomations(db, shop.id, segment.id);
      const automation = automations.find(({ id }) => String(id) === automationId) ?? null;
      if (!automation && automationId !== "new") return { outcome: "gone" };
      const sizes = await figures.kept(`${shop.id}|${segment.id}`, COUNT_WAIT_MS, () =>
        segmentSizes(db, shop.id, segment.id),
      );
      const { members = 0 } = sizes[0] ?? {};
      const tagged = automation?.settings.kind === "customer_tag" ? await countTagged(db, shop.id, automation.id) : 0;
      const ending = automation && ((await endingAutomations(db, shop.id, segment.id)).get(automation.id) ?? null);
      return { outcome: "found", ...about, automation, members, tagged, ending };
    },

    async save(shopDomain, given, by) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return gone();
      const read = readForm(given, sandboxOrigin);
      if (read.outcome === "refused") return read;
      const { settings } = read;
      const about = { name: read.name, onEntry: given.onEntry, onExit: given.onExit, settings };
      if (given.id !== null) {
        const { id } = given;
        const changed = await db.tx(async (tx) => {
          if (given.present) await beginErasure(tx, shop.id);
          const before = await readAutomation(tx, shop.id, id);
          const done = await changeAutomation(tx, shop.id, id, about);
          if (!done || !before) return null;
          await logged(tx, shop, by, "changed", { before, after: { ...before, ...about } });
          const tag = anotherTag(before.settings, settings);
          if (tag === null) return { present: 0 };
          const moment = { at: clock.now(), realNow: new Date() };
          const exchanged = await announceTagChange(tx, shop.id, { automationId: id, tag, ...moment });
          return { present: exchanged + (given.present ? await announcePresent(tx, shop.id, id, moment.realNow) : 0) };
        });
        if (!changed) return gone();
        if (changed.present > 0) await ring(shop, id);
        return { outcome: "saved", id, secret: null, ...changed };
      }
      if ((await listAutomations(db, shop.id, given.segmentId)).length >= MOST_AUTOMATIONS) {
        return {
          outcome: "refused",
          field: null,
          reason: t("A segment has at most {count} automations.", { count: MOST_AUTOMATIONS }),
        };
      }
      const secret = settings.kind === "webhook" ? freshSecret(shop) : null;
      const asks = given.present && given.onEntry;
      const added = await db.tx(async (tx) => {
        // A decision under way did not see the automation, and its entry is not there yet: waited for, everybody is told by one or the other.
        if (asks) await beginErasure(tx, shop.id);
        const row = { segmentId: given.segmentId, ...about, secret: secret?.sealed ?? null, since: clock.now() };
        const id = await addAutomation(tx, shop.id, row, new Date());
        if (id === null) return null;
        await logged(tx, shop, by, "created", { before: null, after: await readAutomation(tx, shop.id, id) });
        return { id, present: asks ? await announcePresent(tx, shop.id, id, new Date()) : 0 };
      });
      if (!added) return gone();
      if (added.present > 0) await ring(shop, added.id);
      return { outcome: "saved", id: added.id, secret: secret?.shown ?? null, present: added.present };
    },

    pause: (shopDomain, id, by) =>
      withAutomation(shopDomain, id, async (shop, automation) => {
        await db.tx(async (tx) => {
          const done = await setAutomationState(tx, shop.id, id, { state: "paused", reason: null });
          if (done) await loggedDoing(tx, shop, by, "paused", automation);
        });
        return { outcome: "done", words: t("Paused. Who enters or leaves meanwhile fires nothing.") };
      }),

    resume: (shopDomain, id, by) =>
      withAutomation(shopDomain, id, async (shop, automation) => {
        const { settings } = automation;
        const need = settings.kind === "customer_tag" ? await tagsNeed(shop) : null;
        if (need !== null) return { outcome: "refused", field: null, reason: told(need) };
        await db.tx(async (tx) => {
          const done = await setAutomationState(tx, shop.id, id, { state: "active", since: clock.now() });
          if (done) await loggedDoing(tx, shop, by, "resumed", automation);
        });
        await ring(shop, id);
        return { outcome: "done", words: t("It goes on from now. What was waiting is sent.") };
      }),

    remove: (shopDomain, id, tags, by) =>
      withAutomation(shopDomain, id, async (shop, automation) => {
        const { settings } = automation;
        if (settings.kind === "customer_tag" && tags === "taken") {
          const need = await tagsNeed(shop);
          if (need !== null) return { outcome: "refused", field: null, reason: told(need) };
          const count = await db.tx(async (tx) => {
            if (!(await endAutomation(tx, shop.id, id))) return null;
            await logged(tx, shop, by, "removed", { before: automation, after: null });
            const realNow = new Date();
            const busyUntil = new Date(realNow.getTime() + LEASE_MS);
            return announceEnd(tx, shop.id, { automationId: id, at: clock.now(), realNow, busyUntil });
          });
          if (count === null) return gone();
          await ring(shop, id);
          return {
            outcome: "done",
            words: tn(
              count,
              "Its tag is being taken off {count} customer, and then it is gone.",
              "Its tag is being taken off {count} customers, and then it is gone.",
            ),
          };
        }
        await db.tx(async (tx) => {
          const done = await removeAutomation(tx, shop.id, id);
          if (done) await logged(tx, shop, by, "removed", { before: automation, after: null });
        });
        const words =
          settings.kind === "customer_tag"
            ? t("Removed, with its log. What was waiting is not sent. Tags it put on stay.")
            : t("Removed, with its log. What was waiting is not sent.");
        return { outcome: "done", words };
      }),

    rotate: (shopDomain, id, by) =>
      withAutomation(shopDomain, id, async (shop, automation) => {
        const secret = freshSecret(shop);
        const oldUntil = new Date(Date.now() + OLD_SECRET_MS);
        const rotated = await db.tx(async (tx) => {
          const done = await rotateSecret(tx, shop.id, id, { secret: secret.sealed, oldUntil });
          if (done) await loggedDoing(tx, shop, by, "given a new secret", automation);
          return done;
        });
        return rotated ? { outcome: "rotated", secret: secret.shown, oldUntil } : gone();
      }),

    async replay(shopDomain, runId) {
      const shop = await findShop(db, shopDomain);
      const automationId = shop && (await replayRun(db, shop.id, runId, new Date()));
      if (!shop || automationId === null) {
        return { outcome: "refused", field: null, reason: t("This one still waits, or is gone. Load the page again.") };
      }
      await ring(shop, automationId);
      return { outcome: "done", words: t("It is sent again, as the same message.") };
    },

    async replayFailed(shopDomain, segmentId) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return gone();
      const { count, automationIds } = await replayFailed(db, shop.id, segmentId, new Date());
      for (const id of automationIds) await ring(shop, id);
      if (count === 0) return { outcome: "refused", field: null, reason: t("Nothing that failed is left.") };
      const words = tn(
        count,
        "It is sent again, as the same message.",
        "{count} are sent again, as the same messages.",
      );
      return { outcome: "done", words };
    },

    test: (shopDomain, { id, change, customer }) =>
      withAutomation(shopDomain, id, async (shop, automation) => {
        const customerId = customer.trim() === "" ? null : readShopifyId(customer);
        if (customer.trim() !== "" && customerId === null) {
          return {
            outcome: "refused",
            field: "customer",
            reason: t("A customer’s ID is a number, as in the address of their page."),
          };
        }
        const now = new Date();
        const run = await addSample(db, shop.id, id, { customerId, change, at: clock.now(), now });
        const ask = createAskAdmin(() => adminOf(shop.domain));
        const delivered = await attempt({ sql: db, shop: shop.id, crypto, callOut, ask, now }, automation, run);
        const { outcome, status, words, start, ms } = delivered;
        return { outcome: "tested", result: { outcome, status, words, ms, ...(start !== undefined && { start }) } };
      }),
  };
}

/** The tag of an automation that is another than before; null: it is the same, as Shopify has it, or the kind is another. */
function anotherTag(before: AutomationSettings, after: AutomationSettings): string | null {
  if (before.kind !== "customer_tag" || after.kind !== "customer_tag") return null;
  return isSameTag(before.tag, after.tag) ? null : after.tag;
}

/** Writes down what staff did with an automation. */
async function logged(
  tx: Sql,
  shop: Shop,
  author: string,
  action: string,
  { before, after }: { before: Automation | null; after: Automation | null },
): Promise<void> {
  const name = after?.name ?? before?.name ?? null;
  const said = { before: before && toLog(before), after: after && toLog(after) };
  await recordChange(tx, shop.id, { author, subject: "automation", action, name, ...said });
}

/** The same of what leaves it as it is. */
async function loggedDoing(tx: Sql, shop: Shop, author: string, action: string, { name }: Automation): Promise<void> {
  await recordChange(tx, shop.id, { author, subject: "automation", action, name });
}

/** An address may hold a secret in its path, so that another path is told by a mark of it alone. */
function toLog({ name, segmentName, onEntry, onExit, settings }: Automation): Record<string, unknown> {
  const about = { name, segment: segmentName, entries: onEntry, exits: onExit };
  switch (settings.kind) {
    case "webhook": {
      const mark = createHash("sha256").update(settings.url).digest("hex").slice(0, 8);
      return { ...about, address: `${new URL(settings.url).host} (${mark})` };
    }
    case "customer_tag":
      return { ...about, tag: settings.tag };
    case "flow_trigger":
      return about;
  }
}

function readForm(
  given: GivenForm,
  sandboxOrigin: string | undefined,
): { outcome: "read"; name: string; settings: AutomationSettings } | Extract<AutomationAnswer, { outcome: "refused" }> {
  const name = given.name.trim();
  if (name === "" || name.length > 100) {
    return { outcome: "refused", field: "name", reason: t("A name has 1 to 100 characters.") };
  }
  if (!given.onEntry && !given.onExit) {
    return { outcome: "refused", field: "when", reason: t("Choose entry, exit or both.") };
  }
  if (given.kind === "customer_tag" && !given.onEntry) {
    const reason = t("Only tags that Muster put on are taken off, so choose entry too.");
    return { outcome: "refused", field: "when", reason };
  }
  switch (given.kind) {
    case "webhook": {
      const url = given.url.trim();
      const checked = checkAddress(url, sandboxOrigin);
      if (checked.outcome === "blocked") return { outcome: "refused", field: "url", reason: told(checked.reason) };
      return { outcome: "read", name, settings: { kind: "webhook", url } };
    }
    case "customer_tag": {
      const tag = readTag(given.tag);
      if (tag === null) {
        return { outcome: "refused", field: "tag", reason: t("A tag has 1 to 40 characters and no comma.") };
      }
      return { outcome: "read", name, settings: { kind: "customer_tag", tag } };
    }
    case "flow_trigger":
      return { outcome: "read", name, settings: { kind: "flow_trigger" } };
  }
}
