import { waitingDeliveries } from "../ingest/inbox-pages-store.server.ts";
import type { Clock } from "../platform/clock.ts";
import type { Db } from "../platform/db.server.ts";
import { readPersons } from "../profile/identity/persons-store.server.ts";
import {
  type CountedEvent,
  findTimelineEntries,
  type TimelinePlace,
} from "../profile/timeline-entries-store.server.ts";
import { readShopifyId } from "../profile/search-terms.ts";
import type { Automation } from "../segment/automations/automation.ts";
import { listAutomations } from "../segment/automations/automations-store.server.ts";
import { automationsOfRemoved, countRuns } from "../segment/automations/runs-store.server.ts";
import { type Build, readBuilds } from "../segment/builds-store.server.ts";
import { type Freshness, freshnessOf } from "../segment/freshness.ts";
import type { Evidence } from "../segment/evaluation/probe.ts";
import { calendarOf, parseDay } from "../segment/language/calendar.ts";
import { printText } from "../segment/language/print-text.ts";
import type { Rule } from "../segment/language/tree.ts";
import { type Explanation, explainRule } from "../segment/preview-store.server.ts";
import { type RemovedSegment, removedSegments } from "../segment/removal-store.server.ts";
import {
  membershipHistory,
  type PastChange,
  segmentMovements,
  segmentSizes,
} from "../segment/segment-pages-store.server.ts";
import { readSchedules, type Schedule } from "../segment/schedule-store.server.ts";
import { listSegments, ruleContext } from "../segment/segment-store.server.ts";
import {
  type Draft,
  listVersions,
  movedByVersions,
  movedFirst,
  readDraft,
  type SegmentVersion,
} from "../segment/versions-store.server.ts";
import { type KeptFinding, openFindings } from "../segment/watch/findings-store.server.ts";
import { membersByDay } from "../segment/watch/figures-store.server.ts";
import { waitingWork } from "../segment/waiting-store.server.ts";
import { findShop, type Shop } from "../shopify/shop-store.server.ts";
import { type RetiredAudience, retiredAudiences } from "../sync/retire-store.server.ts";
import { type AudienceOverview, audienceStates } from "../sync/sync-store.server.ts";
import type { Figures } from "./figures.ts";
import { type Person, readPeople } from "./people.server.ts";

export interface SegmentListing {
  shop: Shop;
  now: Date;
  segments: ListedSegment[];
  removed: (RemovedSegment & { lists: RetiredAudience[]; automations: number; waitingRuns: number })[];
}

export interface ListedSegment {
  id: number;
  version: number;
  key: string;
  name: string;
  text: string;
  rule: Rule;
  members: number;
  /** In the last 24 hours of business time. */
  entered: number;
  left: number;
  /** Its members at the end of each of the last days, oldest first, as far as they were counted. */
  past: { at: Date; members: number }[];
  /** How far it is decided after its last publication; null once everybody is. */
  build: Build | null;
  /** What is to be published, or was not when its moment had come. */
  schedule: Schedule | null;
  freshness: Freshness;
  /** What is worth a second look and nobody reviewed yet. */
  findings: KeptFinding[];
  audiences: AudienceOverview[];
}

export interface SegmentDetails {
  shop: Shop;
  now: Date;
  segment: ListedSegment;
  /** Of amounts in findings. */
  currency: string;
  /** Names of segments whose rules ask for this one: it cannot be removed while they do. */
  usedBy: string[];
  draft: (Omit<Draft, "rule"> & { text: string }) | null;
  automations: Automation[];
  /** Runs of its automations that are not sent yet. */
  waitingRuns: number;
  /** With whom the publication of each put in and out. */
  versions: PastVersion[];
}

/** A version with how many its publication put in and out, and some of them who are still known. */
export type PastVersion = SegmentVersion & Record<"entered" | "left", { count: number; some: Person[] }>;

/** Null: the timeline shows no such entry. */
export type Placed<T> = T & { entry: TimelinePlace | null };

/** What the pages of segments show of them. */
export interface SegmentReads {
  list(shopDomain: string): Promise<({ outcome: "found" } & SegmentListing) | { outcome: "unknown_shop" }>;
  /** @param segmentId as it stands in the address. */
  open(
    shopDomain: string,
    segmentId: string,
  ): Promise<({ outcome: "found" } & SegmentDetails) | { outcome: "unknown_shop" } | { outcome: "unknown_segment" }>;
  explain(
    shopDomain: string,
    segmentId: string,
    customerId: string,
  ): Promise<
    | {
        outcome: "found";
        shop: Shop;
        now: Date;
        name: string;
        person: Person;
        /** Where each event behind a clause, and behind a change, stands on the timeline. */
        explanation: Omit<Explanation, "evidence"> & {
          evidence: (Omit<Evidence, "events"> & { events: Placed<CountedEvent>[] })[];
        };
        history: Placed<PastChange>[];
      }
    | { outcome: "unknown" }
  >;
}

const DAY_MS = 86_400_000;
/** How far back the line of a segment's size goes. */
const PAST_DAYS = 30;
/** A count that takes longer is shown as it was before. */
const COUNT_WAIT_MS = 100;
const MOST_CHANGES = 20;
/** Of those whom a version put in, and out. */
const MOVED_SAMPLE = 3;

/** The key of a figure that another version of the segment does not have. */
function versioned(
  { id: shopId }: Shop,
  figure: string,
  segmentId: number,
  live: readonly { id: number; version: number }[],
): string {
  return `${shopId}|${figure} ${segmentId} ${live.find(({ id }) => id === segmentId)?.version}`;
}

export function createSegmentReads(options: { db: Db; clock: Pick<Clock, "now">; figures: Figures }): SegmentReads {
  const { db, clock, figures } = options;

  /** @param only this segment alone. Counts may be some seconds old, but never older than its last publication */
  const listed = async (shop: Shop, only: number | null = null): Promise<ListedSegment[]> => {
    const now = clock.now();
    const live = await listSegments(db, shop.id);
    const counted =
      only === null
        ? await figures.kept(`${shop.id}|sizes`, COUNT_WAIT_MS, () => segmentSizes(db, shop.id))
        : await figures.kept(versioned(shop, "size", only, live), COUNT_WAIT_MS, () => segmentSizes(db, shop.id, only));
    const sizes = new Map(counted.map((size) => [size.id, size]));
    const movements = await figures.kept(`${shop.id}|movements`, COUNT_WAIT_MS, () =>
      segmentMovements(db, shop.id, new Date(now.getTime() - DAY_MS), now),
    );
    const moved = new Map(movements.map((move) => [move.segmentId, move]));
    const builds = new Map((await readBuilds(db, shop.id)).map((build) => [build.segmentId, build]));
    const audiences = Map.groupBy(await audienceStates(db, shop.id), ({ segmentId }) => segmentId);
    const past = await membersByDay(db, shop.id, PAST_DAYS);
    const calendar = calendarOf(shop.timeZone);
    const schedules = await readSchedules(db, shop.id);
    const findings = Map.groupBy(await openFindings(db, shop.id), ({ segmentId }) => segmentId);
    const open = new Set(live.filter(({ id, target }) => !isBuilt(builds.get(id), target)).map(({ id }) => id));
    const work = {
      ...(await waitingWork(db, shop.id, now)),
      deliveries: await waitingDeliveries(db, shop.domain),
    };
    const fresh = freshnessOf(live, work, open, { now, realNow: new Date() });
    return live
      .flatMap(({ id, key, name, rule, version }) => {
        const freshness = fresh.get(id);
        if (!freshness || (only !== null && id !== only)) return [];
        return {
          id,
          key,
          name,
          version,
          rule,
          text: printText(rule),
          members: sizes.get(id)?.members ?? 0,
          entered: moved.get(id)?.entered ?? 0,
          left: moved.get(id)?.left ?? 0,
          past: (past.get(id) ?? []).map(({ day, members }) => ({
            at: new Date(calendar.startOf(parseDay(day))),
            members,
          })),
          build: open.has(id) ? (builds.get(id) ?? null) : null,
          schedule: schedules.get(id) ?? null,
          freshness,
          findings: findings.get(id) ?? [],
          audiences: audiences.get(id) ?? [],
        };
      })
      .toSorted((a, b) => a.id - b.id);
  };

  const people = (shop: Shop, ids: readonly string[]): Promise<Person[]> => readPeople(db, shop.id, ids);

  const pastVersions = async (shop: Shop, segment: ListedSegment): Promise<PastVersion[]> => {
    const segmentId = segment.id;
    const counted = await figures.kept(versioned(shop, "moved", segmentId, [segment]), COUNT_WAIT_MS, () =>
      movedByVersions(db, shop.id, segmentId),
    );
    const first = await movedFirst(db, shop.id, segmentId, MOVED_SAMPLE);
    const known = await people(shop, [...new Set(first.map(({ customerId }) => customerId))]);
    const some = (number: number, kind: "entered" | "left"): Person[] =>
      first.flatMap(({ version, change, customerId }) =>
        version === number && change === kind ? known.filter((one) => one.customerId === customerId) : [],
      );
    return (await listVersions(db, shop.id, segmentId)).map((version) => {
      const { entered, left } = counted.get(version.number) ?? { entered: 0, left: 0 };
      return {
        ...version,
        entered: { count: entered, some: some(version.number, "entered") },
        left: { count: left, some: some(version.number, "left") },
      };
    });
  };

  return {
    async list(shopDomain) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const lists = Map.groupBy(await retiredAudiences(db, shop.id), ({ segmentId }) => segmentId);
      const automated = new Map((await automationsOfRemoved(db, shop.id)).map((one) => [one.segmentId, one]));
      const removed = (await removedSegments(db, shop.id)).map((one) => {
        const { automations = 0, waiting: waitingRuns = 0 } = automated.get(one.id) ?? {};
        return { ...one, lists: lists.get(one.id) ?? [], automations, waitingRuns };
      });
      return { outcome: "found", shop, now: clock.now(), segments: await listed(shop), removed };
    },

    async open(shopDomain, segmentId) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const [segment] = /^\d{1,9}$/.test(segmentId) ? await listed(shop, Number(segmentId)) : [];
      if (!segment) return { outcome: "unknown_segment" };
      const draft = await readDraft(db, shop.id, segment.id);
      const users = (await listSegments(db, shop.id)).filter(({ compiled }) =>
        compiled.reads.segments.has(segment.key),
      );
      return {
        outcome: "found",
        shop,
        now: clock.now(),
        segment,
        currency: (await ruleContext(db, shop.id)).currency,
        usedBy: users.map(({ name }) => name),
        automations: await listAutomations(db, shop.id, segment.id),
        waitingRuns: (await countRuns(db, shop.id, segment.id)).reduce((sum, { waiting }) => sum + waiting, 0),
        draft: draft && { author: draft.author, at: draft.at, text: printText(draft.rule) },
        versions: await pastVersions(shop, segment),
      };
    },

    async explain(shopDomain, segmentId, customerId) {
      const shop = await findShop(db, shopDomain);
      const id = readShopifyId(customerId);
      if (!shop || id === null) return { outcome: "unknown" };
      const segment = (await listSegments(db, shop.id)).find((one) => String(one.id) === segmentId);
      if (!segment) return { outcome: "unknown" };
      const now = clock.now();
      const explanation = await explainRule(db, shop.id, segment.rule, id, now);
      const [person] = await people(shop, [id]);
      if (!explanation || !person) return { outcome: "unknown" };
      const changes = await membershipHistory(db, shop.id, { segmentId: segment.id, customerId: id }, MOST_CHANGES);
      const members = (await readPersons(db, shop.id, [id])).get(id)?.members ?? [id];
      const place = async <T extends { at: Date }>(
        list: readonly T[],
        kindOf: (one: T) => string,
      ): Promise<Placed<T>[]> => {
        const entries = await findTimelineEntries(
          db,
          shop.id,
          members,
          list.map((one) => ({ kind: kindOf(one), at: one.at })),
        );
        return list.map((one, index) => ({ ...one, entry: entries[index] ?? null }));
      };
      const evidence = [];
      for (const clause of explanation.evidence) {
        evidence.push({ ...clause, events: await place(clause.events, ({ kind }) => kind) });
      }
      const history = await place(changes, ({ eventKind }) => eventKind ?? "");
      return {
        outcome: "found",
        shop,
        now,
        name: segment.name,
        person,
        explanation: { ...explanation, evidence },
        history,
      };
    },
  };
}

/** A rule that reads other clocks or another currency than its last build is decided anew soon. */
function isBuilt(build: Build | undefined, target: string): boolean {
  return build !== undefined && build.target === target && build.finishedAt !== null;
}
