import {
  countDeadLetters,
  type DeadLetterBody,
  type DeadLetter,
  pageOfDeadLetters,
  readDeadLetter,
  readReplay,
  type Replay,
} from "../ingest/dead-letters-store.server.ts";
import { type OpeningBalance, readOpeningBalances } from "../ingest/back-fill/opening-balance-store.server.ts";
import type { Clock } from "../platform/clock.ts";
import type { Sql } from "../platform/db.server.ts";
import type { IdPage, IdWindow } from "../platform/id-window.ts";
import type { Metrics } from "../platform/metrics.server.ts";
import { readSettings } from "../recommendation/settings-store.server.ts";
import type { RecommendationSettings } from "../recommendation/settings.ts";
import { AUDIT_SUBJECTS, listAuthors, type LoggedChange, pageOfChanges } from "../shopify/audit-store.server.ts";
import { countRequests, type ListedRequest, listRequests } from "../privacy/privacy-requests-store.server.ts";
import type { Retention } from "../privacy/retention.ts";
import { readRetention } from "../privacy/retention-store.server.ts";
import type { Profile } from "../profile/compute-profile.ts";
import { isOwnColumn, type OwnColumn } from "../profile/profile-columns.ts";
import {
  countProfiles,
  findByName,
  findPage,
  pageOfProfiles,
  type ProfilePage,
  type ProfileQuestion,
  type ProfileWindow,
  profileComputedAt,
  readProfile,
  readProfiles,
} from "../profile/profile-pages-store.server.ts";
import { readLearning } from "../profile/duplicates/pairs-store.server.ts";
import {
  countWaiting,
  listReviewed,
  type PairPage,
  type PairWindow,
  type ReviewView,
} from "../profile/duplicates/review-store.server.ts";
import { gatherIdentifiers, type Identifier } from "../profile/identity/identifiers.ts";
import { readPersons } from "../profile/identity/persons-store.server.ts";
import { readIdentifiers } from "../profile/identity/identifiers-store.server.ts";
import { type ApiKey, listApiKeys } from "../profile/merchant-api/api-keys-store.server.ts";
import { type FindingSummary, findingsOf, summariseFindings } from "../profile/quality/findings-store.server.ts";
import type { FindingCode } from "../profile/quality/validate-record.ts";
import { readSearchTerms, readShopifyId } from "../profile/search-terms.ts";
import {
  type HeldMetafield,
  readLanguage,
  readMetafields,
  readOwnColumns,
  readTraits,
  type ToldTrait,
  type ToldValue,
} from "../profile/told-values-store.server.ts";
import type { TimelinePart } from "../profile/timeline-parts.ts";
import { readTimeline, type TimelineEntry, type TimelinePosition } from "../profile/timeline-store.server.ts";
import { hasPolicies } from "../segment/evaluation/policies.ts";
import {
  type Filter,
  matching,
  sampleMatching,
  walkMatching,
  wholeMatching,
} from "../segment/filtered-profiles-store.server.ts";
import type { Problem } from "../segment/language/diagnostics.ts";
import { type MissingData, missingData } from "../segment/language/needs.ts";
import { parseText } from "../segment/language/parse-text.ts";
import type { Rule } from "../segment/language/tree.ts";
import { countMembers } from "../segment/preview-store.server.ts";
import { readDictionary } from "../segment/vocabulary-store.server.ts";
import { currentSegments, type SegmentStay, segmentStays } from "../segment/segment-pages-store.server.ts";
import { findShop, type Shop } from "../shopify/shop-store.server.ts";
import type { ConnectionForm } from "../sync/destination.ts";
import { CONNECTION_FORMS } from "../sync/destinations.ts";
import { listDestinations } from "../sync/destination-store.server.ts";
import { consentHistory, type ConsentSaid } from "../sync/consent/history-store.server.ts";
import { type Holding, holdingsOf, type Sent, sentOf } from "../sync/member-pages-store.server.ts";
import { createFigures, createPageFigures } from "./figures.ts";
import { ALWAYS_FORGOTTEN } from "./retention.server.ts";
import { GUARD_FROM, GUARD_SHARE } from "./publication.server.ts";
import { type ColumnChoice, readColumnChoice } from "./profile-columns.server.ts";
import { type Overview, readOverview } from "./overview.server.ts";
import { readSources, type Sources } from "./sources.server.ts";

export interface ProfileListing {
  shop: Shop;
  now: Date;
  profiles: ListedProfile[];
  more: { before: boolean; after: boolean };
  /** Whether the shop has any profile at all. */
  anyProfiles: boolean;
  columns: ColumnChoice;
  /** The rule they are to match; null: any. */
  filter: ReadFilter | null;
  /** The page is not full yet: all profiles are being gone through, and a later look shows more. */
  looking: boolean;
}

export interface ListedProfile extends Profile {
  segments: string[];
  /** What the columns of the shop's own show. */
  own: ReadonlyMap<OwnColumn, ToldValue>;
}

/** What a rule in a filter says. */
export type ReadFilter =
  | { outcome: "refused"; text: string; problems: Problem[] }
  /** `policies`: it has some, and a filter leaves them out. */
  | { outcome: "read"; text: string; rule: Rule; policies: boolean; missing: MissingData[] };

export type MatchingCount =
  /** Of a random few; everybody is asked with `exact`. */
  | { outcome: "sampled"; sampled: number; matching: number; profiles: number }
  | { outcome: "counted"; count: number; profiles: number }
  | { outcome: "refused" | "unknown_shop" };

export interface ProfileDetails {
  shop: Shop;
  now: Date;
  profile: Profile;
  /** When its figures were worked out. */
  computedAt: Date | null;
  /** What of them was bought before the first order that is held; null: nothing. */
  opening: OpeningBalance | null;
  /** What is doubtful about the profile's data. */
  findings: FindingCode[];
  identifiers: Identifier[];
  /** Customers who are this person, by their ids, the profile's own included. */
  members: readonly string[];
  /** How many pairs with another customer wait for a decision. */
  likelyDuplicates: number;
  /** What the shop's own systems and its metafields say of the person. */
  traits: ToldTrait[];
  metafields: HeldMetafield[];
  language: string | null;
  stays: SegmentStay[];
  holdings: Holding[];
  /** Everything that was said of their consent, the newest first. */
  consents: ConsentSaid[];
  /** What was sent of them where, the newest first. */
  sent: Sent[];
  /** Real time: when Muster does something. */
  realNow: Date;
  timeline: { entries: TimelineEntry[]; more: boolean };
  /** What of it is shown alone; null: everything. */
  timelinePart: TimelinePart | null;
}

/** A kind of destination, and the shop's connections to it. */
export interface ConnectableDestination extends ConnectionForm {
  /** `reason`: why it is paused, and what mends it. */
  connections: {
    id: number;
    account: string | null;
    state: "live" | "paused";
    reason: string | null;
    leaving: boolean;
  }[];
}

export type DestinationsAnswer =
  { outcome: "found"; destinations: ConnectableDestination[] } | { outcome: "unknown_shop" };
export type QualityAnswer =
  | {
      outcome: "found";
      shop: Shop;
      /** Business time. */
      now: Date;
      real: Date;
      sources: Sources;
      findings: FindingSummary[];
      likelyDuplicates: number;
      deadLetters: number;
    }
  | { outcome: "unknown_shop" };
export type ApiKeysAnswer = { outcome: "found"; shop: Shop; now: Date; keys: ApiKey[] } | { outcome: "unknown_shop" };
export type DeadLettersAnswer =
  | {
      outcome: "found";
      shop: Shop;
      /** Real time. */
      now: Date;
      count: number;
      replay: Replay | null;
      page: IdPage<DeadLetter>;
    }
  | { outcome: "unknown_shop" };
export type DeadLetterAnswer =
  { outcome: "found"; shop: Shop; now: Date; letter: DeadLetterBody } | { outcome: "unknown_shop" | "gone" };
export type DuplicatesAnswer =
  | {
      outcome: "found";
      shop: Shop;
      /** Business time. */
      now: Date;
      /** Real time, as decisions have it. */
      real: Date;
      view: ReviewView;
      customerId: string | null;
      page: PairPage;
      /** Pairs that wait for a decision. */
      waiting: number;
      automaticFrom: number | null;
      learnedAt: Date | null;
    }
  | { outcome: "unknown_shop" };
export type PrivacyAnswer =
  { outcome: "found"; shop: Shop; now: Date; requests: ListedRequest[] } | { outcome: "unknown_shop" };
export interface ShopSettings {
  shop: Shop;
  /** Real time. */
  now: Date;
  thresholds: {
    /** From which probability on duplicates are merged by themselves; null: never. */
    duplicates: number | null;
    recommendations: RecommendationSettings;
    publishing: { share: number; from: number };
  };
  retention: Retention;
  alwaysForgotten: typeof ALWAYS_FORGOTTEN;
  /** Requests that are not done, the first day by which one has to be, and how many were done. */
  privacy: { open: number; firstDueAt: Date | null; done: number };
  /** The latest. */
  changes: LoggedChange[];
}
export type SettingsAnswer = ({ outcome: "found" } & ShopSettings) | { outcome: "unknown_shop" };
export type ChangesAnswer =
  | { outcome: "found"; shop: Shop; now: Date; page: IdPage<LoggedChange>; authors: string[] }
  | { outcome: "unknown_shop" };
export type OverviewAnswer = ({ outcome: "found" } & Overview) | { outcome: "unknown_shop" };
export type ListingAnswer = ({ outcome: "found" } & ProfileListing) | { outcome: "unknown_shop" };
export type DetailsAnswer =
  | ({ outcome: "found" } & ProfileDetails)
  /** The customer and others are one person, whose profile is under this one's id. */
  | { outcome: "part_of"; customerId: string }
  | { outcome: "unknown_shop" }
  | { outcome: "unknown_profile" };

/** Everything the pages of the admin read. A shop is named by its domain, as the session token names it. */
export interface AdminReads {
  overview(shopDomain: string): Promise<OverviewAnswer>;
  destinations(shopDomain: string): Promise<DestinationsAnswer>;
  /** From where the shop's facts come, and what is doubtful about its profiles, counted, with some of them. */
  quality(shopDomain: string): Promise<QualityAnswer>;
  /** Keys of the merchant's own systems. `now` is real time, as theirs is. */
  apiKeys(shopDomain: string): Promise<ApiKeysAnswer>;
  /** Pairs of customers who are likely one person, or were said to be or not to be. */
  duplicates(
    shopDomain: string,
    asked: { view: ReviewView; customerId: string | null; window: PairWindow },
  ): Promise<DuplicatesAnswer>;
  /** Deliveries that could not be understood, and what came of reading them again. */
  deadLetters(shopDomain: string, window: IdWindow): Promise<DeadLettersAnswer>;
  /** One of them with the beginning of its bytes. @param id as it stands in the address. */
  deadLetter(shopDomain: string, id: string): Promise<DeadLetterAnswer>;
  /** Requests for a person's data and for erasures. `now` is real time, as theirs is. */
  privacy(shopDomain: string): Promise<PrivacyAnswer>;
  /** What is set for the whole shop, and where. */
  settings(shopDomain: string): Promise<SettingsAnswer>;
  /** What staff changed, the newest first. @param asked as it stands in the address; empty: any */
  changes(shopDomain: string, asked: { subject: string; author: string; window: IdWindow }): Promise<ChangesAnswer>;
  /** @param options.query as typed; empty lists everyone. @param options.rule as typed; empty or none: whoever it is */
  searchProfiles(
    shopDomain: string,
    options: { query: string; rule?: string; window: ProfileWindow },
  ): Promise<ListingAnswer>;
  /** For how many a rule is true. @param exact otherwise judged by a sample, where there are too many to count at once */
  countMatching(shopDomain: string, asked: { text: string; exact: boolean }): Promise<MatchingCount>;
  /** @param customerId as it stands in the address: anything that is no Shopify id is an unknown profile. */
  profile(
    shopDomain: string,
    customerId: string,
    options?: { timelineBefore?: TimelinePosition | undefined; timelinePart?: TimelinePart | null },
  ): Promise<DetailsAnswer>;
}

export interface AdminReadsOptions {
  db: Sql;
  clock: Pick<Clock, "now">;
  metrics: Pick<Metrics, "latency" | "deliveries">;
}

const PROFILES_PER_PAGE = 50;
/** What takes longer is shown with a later look. */
const WHOLE_WAIT_MS = 500;
const MOST_FOUND_BY_NAME = 5;
const ENTRIES_PER_PAGE = 20;
const PAIRS_PER_PAGE = 10;
const DEAD_LETTERS_PER_PAGE = 25;
const MOST_BODY_BYTES = 256 * 1024;
const MOST_STAYS = 50;
const MOST_SAID = 30;
const MOST_SENT = 20;
const MOST_REQUESTS = 100;
const SAMPLES_PER_FINDING = 5;
const LATEST_CHANGES = 5;
const CHANGES_PER_PAGE = 50;
const MOST_AUTHORS = 50;
const EVERYTHING = { subject: null, author: null, window: "first" } as const;
/** Of lists people look at, nothing is shown again for longer than it took to find. */
const PAGES = { leastMs: 1_000, reuse: 1 };

export function createAdminReads({ db, clock, metrics }: AdminReadsOptions): AdminReads {
  const figures = createPageFigures();
  const pages = createFigures({ now: () => performance.now(), ...PAGES });

  /**
   * A page of the list. One that takes long is found once for all who ask the same, and shown with a later look. Only ids are held of it:
   * whoever is erased meanwhile is on no page.
   */
  async function listed(
    shop: Shop,
    { filter, ...asked }: ProfileQuestion & { filter: Filter | null },
    names: readonly string[],
  ): Promise<ProfilePage & { looking: boolean }> {
    let walked: ProfilePage = { profiles: [], more: { before: asked.window !== "first", after: false } };
    if (filter) {
      const { full, ...page } = await walkMatching(db, shop.id, { ...asked, ...filter });
      if (full) return { ...page, looking: false };
      walked = page;
    } else if (!asked.terms) return { ...(await pageOfProfiles(db, shop.id, asked)), looking: false };
    const found = await pages.soon([shop.id, ...names].join("|"), WHOLE_WAIT_MS, () =>
      filter ? wholeMatching(db, shop.id, { ...asked, ...filter }) : findPage(db, shop.id, asked),
    );
    if (!found) return { ...walked, looking: true };
    return { profiles: await readProfiles(db, shop.id, found.customerIds), more: found.more, looking: false };
  }

  /** What the shop's own columns show of the people these profiles are of. */
  async function ownValues(shop: Shop, ids: readonly string[], columns: readonly OwnColumn[]) {
    if (columns.length === 0) return new Map<string, Map<OwnColumn, ToldValue>>();
    const persons = await readPersons(db, shop.id, ids);
    const people = ids.map((head) => ({ head, members: persons.get(head)?.members ?? [head] }));
    return readOwnColumns(db, shop.id, people, columns);
  }

  return {
    async overview(shopDomain) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      return { outcome: "found", ...(await readOverview({ sql: db, clock, metrics, figures }, shop)) };
    },

    async destinations(shopDomain) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const rows = await listDestinations(db, shop.id);
      return {
        outcome: "found",
        destinations: CONNECTION_FORMS.map((form) => {
          const ours = rows.filter(({ kind }) => kind === form.kind);
          const connections = ours.map(({ id, accountName: account, state, stateReason: reason, leaving }) => {
            return { id, account, state, reason, leaving };
          });
          return { ...form, connections };
        }),
      };
    },

    async quality(shopDomain) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const read = {
        sources: await readSources(db, shop),
        findings: await summariseFindings(db, shop.id, SAMPLES_PER_FINDING),
        likelyDuplicates: await countWaiting(db, shop.id),
        deadLetters: await countDeadLetters(db, shop.domain),
      };
      // Read last, so that nothing was in a second.
      return { outcome: "found", shop, now: clock.now(), real: new Date(), ...read };
    },

    async apiKeys(shopDomain) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      return { outcome: "found", shop, now: new Date(), keys: await listApiKeys(db, shop.id) };
    },

    async deadLetters(shopDomain, window) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const replay = await readReplay(db, shop.domain);
      const count = await countDeadLetters(db, shop.domain);
      const page = await pageOfDeadLetters(db, shop.domain, window, DEAD_LETTERS_PER_PAGE);
      return { outcome: "found", shop, now: new Date(), count, replay, page };
    },

    async deadLetter(shopDomain, id) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const known = readShopifyId(id);
      const letter = known === null ? null : await readDeadLetter(db, shop.domain, known, MOST_BODY_BYTES);
      return letter ? { outcome: "found", shop, now: new Date(), letter } : { outcome: "gone" };
    },

    async duplicates(shopDomain, asked) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const { view, customerId, window } = asked;
      const page = await listReviewed(db, shop.id, { view, customerId, window, limit: PAIRS_PER_PAGE });
      const { automaticFrom, learnedAt } = await readLearning(db, shop.id);
      const waiting = await countWaiting(db, shop.id, customerId);
      const times = { now: clock.now(), real: new Date() };
      return { outcome: "found", shop, ...times, view, customerId, page, waiting, automaticFrom, learnedAt };
    },

    async privacy(shopDomain) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      return { outcome: "found", shop, now: new Date(), requests: await listRequests(db, shop.id, MOST_REQUESTS) };
    },

    async settings(shopDomain) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      return {
        outcome: "found",
        shop,
        now: new Date(),
        thresholds: {
          duplicates: (await readLearning(db, shop.id)).automaticFrom,
          recommendations: (await readSettings(db, shop.id)).settings,
          publishing: { share: GUARD_SHARE, from: GUARD_FROM },
        },
        retention: await readRetention(db, shop.id),
        alwaysForgotten: ALWAYS_FORGOTTEN,
        privacy: await countRequests(db, shop.id),
        changes: (await pageOfChanges(db, shop.id, { ...EVERYTHING, limit: LATEST_CHANGES })).rows,
      };
    },

    async changes(shopDomain, asked) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const page = await pageOfChanges(db, shop.id, {
        subject: AUDIT_SUBJECTS.find((subject) => subject === asked.subject) ?? null,
        author: asked.author === "" ? null : asked.author,
        window: asked.window,
        limit: CHANGES_PER_PAGE,
      });
      return {
        outcome: "found",
        shop,
        now: new Date(),
        page,
        authors: await listAuthors(db, shop.id, MOST_AUTHORS),
      };
    },

    async searchProfiles(shopDomain, { query, rule: text = "", window }) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const now = clock.now();
      const columns = await readColumnChoice(db, shop.id);
      const found = { outcome: "found" as const, shop, now, columns };
      let filter: { read: ReadFilter; rule: Rule } | null = null;
      if (text.trim() !== "") {
        const words = await readDictionary(db, shop.id);
        const reading = parseText(text, words);
        if (reading.outcome === "refused") {
          const refused = { outcome: "refused" as const, text, problems: reading.problems };
          const more = { before: false, after: false };
          return { ...found, profiles: [], more, anyProfiles: true, filter: refused, looking: false };
        }
        const { rule } = reading;
        const read = { text, rule, policies: hasPolicies(rule), missing: missingData(rule, words) };
        filter = { rule, read: { outcome: "read", ...read } };
      }
      const terms = readSearchTerms(query);
      const meant = terms ? await findByName(db, shop.id, terms, MOST_FOUND_BY_NAME) : [];
      const asked = { terms, except: meant, window, limit: PROFILES_PER_PAGE };
      const page = await listed(shop, { ...asked, filter: filter && { rule: filter.rule, at: now } }, [
        text,
        query,
        JSON.stringify(window),
      ]);
      // Whoever is meant by an id or an order stands first, once, before those whose name or address holds the same digits.
      const own =
        filter && meant.length > 0
          ? await matching(db, shop.id, { rule: filter.rule, at: now, customerIds: meant })
          : new Set(meant);
      const first = page.more.before ? [] : await readProfiles(db, shop.id, [...own]);
      const profiles = [...first, ...page.profiles];
      const ids = profiles.map(({ customerId }) => customerId);
      const segments = await currentSegments(db, shop.id, ids);
      const told = await ownValues(shop, ids, columns.columns.filter(isOwnColumn));
      return {
        ...found,
        profiles: profiles.map((profile) => ({
          ...profile,
          segments: segments.get(profile.customerId) ?? [],
          own: told.get(profile.customerId) ?? new Map<OwnColumn, ToldValue>(),
        })),
        more: page.more,
        anyProfiles: profiles.length > 0 || (await hasProfiles(db, shop)),
        filter: filter?.read ?? null,
        looking: page.looking,
      };
    },

    async countMatching(shopDomain, { text, exact }) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const reading = parseText(text, await readDictionary(db, shop.id));
      if (reading.outcome === "refused") return { outcome: "refused" };
      const given = { rule: reading.rule, at: clock.now() };
      const profiles = await figures.read(`${shop.id}|profiles`, () => countProfiles(db, shop.id));
      const sample = exact ? null : await sampleMatching(db, shop.id, { ...given, profiles });
      if (sample) return { outcome: "sampled", ...sample, profiles };
      const count = await pages.read(`${shop.id}|count|${text}`, () => countMembers(db, shop.id, given.rule, given.at));
      return { outcome: "counted", count, profiles };
    },

    async profile(shopDomain, customerId, { timelineBefore, timelinePart = null } = {}) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const id = readShopifyId(customerId);
      const profile = id === null ? null : await readProfile(db, shop.id, id);
      const person = id === null ? undefined : (await readPersons(db, shop.id, [id])).get(id);
      if (!profile) {
        const head = person?.head ?? null;
        return head === null || head === id ? { outcome: "unknown_profile" } : { outcome: "part_of", customerId: head };
      }
      const members = person?.members ?? [profile.customerId];
      const now = clock.now();
      return {
        outcome: "found",
        shop,
        now,
        profile,
        computedAt: await profileComputedAt(db, shop.id, profile.customerId),
        opening: (await readOpeningBalances(db, shop.id, [profile.customerId]))[0] ?? null,
        findings: (await findingsOf(db, shop.id, [profile.customerId])).get(profile.customerId) ?? [],
        identifiers: gatherIdentifiers(await readIdentifiers(db, shop.id, members), shop.country),
        members,
        traits: await readTraits(db, shop.id, members),
        metafields: await readMetafields(db, shop.id, profile.customerId),
        language: await readLanguage(db, shop.id, profile.customerId),
        likelyDuplicates: await countWaiting(db, shop.id, profile.customerId),
        stays: await segmentStays(db, shop.id, profile.customerId, MOST_STAYS),
        holdings: await holdingsOf(db, shop.id, profile.customerId),
        consents: await consentHistory(db, shop.id, profile.customerId, MOST_SAID),
        sent: await sentOf(db, shop.id, profile.customerId, MOST_SENT),
        realNow: new Date(),
        timeline: await readTimeline(db, shop.id, profile.customerId, {
          members,
          before: timelineBefore ?? null,
          now,
          limit: ENTRIES_PER_PAGE,
          part: timelinePart,
        }),
        timelinePart,
      };
    },
  };
}

async function hasProfiles(sql: Sql, shop: Shop): Promise<boolean> {
  const { profiles } = await pageOfProfiles(sql, shop.id, { terms: null, except: [], window: "first", limit: 1 });
  return profiles.length > 0;
}
