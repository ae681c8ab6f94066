import { randomBytes } from "node:crypto";
import type { Crypto } from "../platform/crypto.server.ts";
import type { Db, Sql } from "../platform/db.server.ts";
import type { Log } from "../platform/log.server.ts";
import { segmentNames } from "../segment/segment-pages-store.server.ts";
import { type Change, recordChange } from "../shopify/audit-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { findShop, type Shop } from "../shopify/shop-store.server.ts";
import {
  type AudienceChoice,
  chooseAudience,
  forgetAudience,
  leaveAudience,
  readChoices,
  releaseRemovals,
  renewAudience,
  saveGuard,
  startAudience,
} from "../sync/audience-store.server.ts";
import { credentialsPlace } from "../sync/credentials-place.ts";
import type { Place } from "../sync/destination.ts";
import {
  audiencesOf,
  beginLeaving,
  type DestinationKind,
  type DestinationRow,
  findAudience,
  findDestination,
  forgetLeft,
  type Leaving,
  type MappedTrait,
  saveCredentials,
  setEverySegment,
} from "../sync/destination-store.server.ts";
import {
  CONNECTION_FORMS,
  type Destinations,
  FIELD_RULES,
  secretToShow,
  serializeCredentials,
  tokensOf,
  withNewSecret,
} from "../sync/destinations.ts";
import { readConsentSync, saveConsentSync } from "../sync/errands/errands-store.server.ts";
import { bookHistory, countEvents, saveSegmentEvents } from "../sync/events/events-store.server.ts";
import { confirmHeld } from "../sync/guard.ts";
import { findHook } from "../sync/hooks/hooks-store.server.ts";
import { keepHook } from "../sync/hooks/keep-hook.server.ts";
import { ensureAudiences, projectAgain, readTraitSamples } from "../sync/projection-store.server.ts";
import { type LoggedPass, searchLog } from "../sync/log-store.server.ts";
import { reasonSentence, reasonWords } from "../sync/reason-words.ts";
import { PauseConnection, Refused, RetryLater } from "../sync/retry-classes.ts";
import { type SampleReport, sendSample } from "../sync/send-sample.ts";
import { type AudienceOverview, audienceStates } from "../sync/sync-store.server.ts";
import { TRAITS, traitWords } from "../sync/traits.ts";
import { t, type Text } from "../texts/text.ts";
import type { Jobs } from "./catalogue.ts";
import type { Queue } from "./queue.ts";

/** One segment and how it is kept in the destination; null: it has no audience there. */
export interface SegmentChoice {
  segmentId: number;
  segmentName: string;
  audience: (AudienceOverview & { choice: AudienceChoice & { adopted: boolean } }) | null;
}

export interface DestinationDetails {
  outcome: "found";
  shop: Shop;
  /** Real time. */
  now: Date;
  destination: Omit<DestinationRow, "credentials" | "settings">;
  /** The platform calls us when somebody decides something there; otherwise it is asked every five minutes. */
  calls: boolean;
  /** It is a system of the merchant's own, signed for with a secret of ours. */
  isReceiver: boolean;
  /** Entries and exits as events: how many wait; null where the platform takes none. */
  events: { waiting: number; forbidden: number } | null;
  /** Newer consent subscribes people again, wherever their unsubscribe stands. */
  consentSync: boolean;
  segments: SegmentChoice[];
  /** The traits that can go along, the field each usually goes into, and its value for a few people. */
  traits: { name: string; label: string; field: string; samples: string[] }[];
}

export type Missing = { outcome: "unknown_shop" | "gone" };
/** `reason` is a sentence for the merchant. */
export type Changed = { outcome: "done"; said: string } | { outcome: "refused"; reason: string } | Missing;

/** What becomes at the vendor of what is given up: nothing, all leave the list, or the list is deleted. */
export type Parting = "keep" | Leaving;

/**
 * What the pages about one connection read and change. Ids are as they stand in an address or came with a form; `by` is who does it, by name.
 */
export interface DestinationAdmin {
  open(shopDomain: string, destinationId: string): Promise<DestinationDetails | Missing>;
  /** The audiences there are at the vendor, to choose an existing one. */
  existing(
    shopDomain: string,
    destinationId: string,
  ): Promise<{ outcome: "found"; places: Place[] } | { outcome: "refused"; reason: string } | Missing>;
  /** Gives a segment an audience, or changes how it is kept. */
  choose(
    shopDomain: string,
    at: { destinationId: string; segmentId: number },
    choice: AudienceChoice,
    by: string,
  ): Promise<Changed>;
  /** Lets an audience be sent that somebody has looked at. */
  start(shopDomain: string, audienceId: number, warmUp: boolean, by: string): Promise<Changed>;
  /** Agrees to removals that are held up. */
  confirm(shopDomain: string, audienceId: number, by: string): Promise<Changed>;
  /** Makes a list anew that was deleted by hand. */
  renew(shopDomain: string, audienceId: number, by: string): Promise<Changed>;
  leave(shopDomain: string, audienceId: number, how: Parting, by: string): Promise<Changed>;
  /** What was sent, the newest first. @param asked.before an id of a pass */
  log(
    shopDomain: string,
    destinationId: string,
    asked: { query: string; before: string | null },
  ): Promise<
    { outcome: "found"; shop: Shop; destinationId: number; kind: string; passes: LoggedPass[]; more: boolean } | Missing
  >;
  everySegment(shopDomain: string, destinationId: string, every: boolean, by: string): Promise<Changed>;
  /** Whether the platform hears of entries and exits as events; whoever is in already is told as history. */
  sendEvents(shopDomain: string, destinationId: string, on: boolean, by: string): Promise<Changed>;
  /** Lets newer consent subscribe people again, or no longer. @param asked.agreed the merchant confirmed what it does; asked for when on. */
  consentSync(
    shopDomain: string,
    destinationId: string,
    asked: { on: boolean; agreed: boolean },
    by: string,
  ): Promise<Changed>;
  disconnect(shopDomain: string, destinationId: string, how: Parting, by: string): Promise<Changed>;
  /** Gives a receiver another secret, shown this once; the one before signs too until then. */
  rotate(
    shopDomain: string,
    destinationId: string,
    by: string,
  ): Promise<{ outcome: "rotated"; secret: string; oldUntil: Date } | { outcome: "refused"; reason: string } | Missing>;
  /** Takes one made-up person the whole way and removes them again. @param address of the merchant's own. */
  sample(
    shopDomain: string,
    destinationId: string,
    address: string,
  ): Promise<{ outcome: "sampled"; report: SampleReport } | { outcome: "refused"; reason: string } | Missing>;
}

export interface DestinationAdminOptions {
  db: Db;
  destinations: Pick<Destinations, "open" | "stored" | "oauth">;
  log: Pick<Log, "warn">;
  queue: Queue<Jobs>;
  crypto: Crypto;
  /** Where the app is reached from outside. */
  appUrl: string;
}

const FORMS = new Map(CONNECTION_FORMS.map((form) => [form.kind, form]));
const SAMPLES = 3;
/** As long as an automation's. */
const OLD_SECRET_MS = 24 * 3_600_000;
const PASSES_PER_PAGE = 25;

export function createDestinationAdmin(options: DestinationAdminOptions): DestinationAdmin {
  const { db, destinations, queue } = options;
  const moment = () => ({ now: new Date(), receivedAt: null, dueAfterMs: 0 });
  const ring = (shop: ShopId, audienceId: number) =>
    queue.ring("sync", { shopId: shop, audienceId }, { key: String(audienceId) });

  async function find(
    shopDomain: string,
    destinationId: string,
  ): Promise<{ outcome: "found"; shop: Shop; destination: DestinationRow } | Missing> {
    const shop = await findShop(db, shopDomain);
    if (!shop) return { outcome: "unknown_shop" };
    const destination = await findDestination(db, shop.id, Number(destinationId));
    return destination ? { outcome: "found", shop, destination } : { outcome: "gone" };
  }

  /** Does something with one of the shop's audiences and has it synced. `work` answers what it did, or null when it does not apply. */
  async function change(
    shopDomain: string,
    audienceId: number,
    work: (shop: ShopId) => Promise<string | null>,
  ): Promise<Changed> {
    const shop = await findShop(db, shopDomain);
    if (!shop) return { outcome: "unknown_shop" };
    if (!(await findAudience(db, shop.id, audienceId))) return { outcome: "gone" };
    const said = await work(shop.id);
    if (said === null)
      return { outcome: "refused", reason: t("It has changed meanwhile. This page shows how it is now.") };
    await ring(shop.id, audienceId);
    return { outcome: "done", said };
  }

  /** Writes down what staff did with a destination, or with the audience of a segment there. */
  async function logged(
    tx: Sql,
    shop: ShopId,
    author: string,
    action: string,
    about: { destination: Pick<DestinationRow, "kind" | "accountName">; segmentId?: number } & Pick<
      Change,
      "before" | "after"
    >,
  ): Promise<void> {
    const { destination, segmentId, before, after } = about;
    const segment = (await segmentNames(tx, shop)).find(({ id }) => id === segmentId)?.name;
    const place = [destination.kind, destination.accountName].filter(Boolean).join(": ");
    const name = segment === undefined ? place : `${segment} in ${place}`;
    await recordChange(tx, shop, {
      author,
      subject: "destination",
      action,
      name,
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
    });
  }

  /** The same, of an audience, with whatever `work` does to it. @returns whether it did anything. */
  async function changeLogged(
    shop: ShopId,
    audienceId: number,
    { by, action, after }: { by: string; action: string; after?: Record<string, unknown> },
    work: (tx: Sql) => Promise<boolean>,
  ): Promise<boolean> {
    return db.tx(async (tx) => {
      if (!(await work(tx))) return false;
      const audience = await findAudience(tx, shop, audienceId);
      if (audience) await logged(tx, shop, by, action, { ...audience, ...(after && { after }) });
      return true;
    });
  }

  async function part(shop: ShopId, audienceId: number, how: Parting): Promise<void> {
    if (how === "keep") return forgetAudience(db, shop, audienceId);
    await leaveAudience(db, shop, audienceId, how, new Date());
    await ring(shop, audienceId);
  }

  /** What was permitted for a connection that is forgotten. Whoever does not take it back is not asked twice. */
  async function giveBack(shop: ShopId, row: DestinationRow): Promise<void> {
    try {
      const tokens = tokensOf(destinations.stored(shop, row));
      if (tokens) await destinations.oauth[row.kind]?.revoke?.(tokens);
    } catch (error) {
      options.log.warn({ err: error, shopId: shop }, "a permission could not be given back");
    }
  }

  return {
    async open(shopDomain, destinationId) {
      const found = await find(shopDomain, destinationId);
      if (found.outcome !== "found") return found;
      const { shop, destination } = found;
      const { credentials: _sealed, settings: _settings, ...shown } = destination;
      const overviews = await audienceStates(db, shop.id);
      const choices = await readChoices(db, shop.id, destination.id);
      const samples = await readTraitSamples(db, shop.id, SAMPLES);
      return {
        outcome: "found",
        shop,
        now: new Date(),
        destination: shown,
        isReceiver: FORMS.get(destination.kind)?.isAddress ?? false,
        calls: ((await findHook(db, shop.id, destination.id))?.remoteId ?? null) !== null,
        events: FORMS.get(destination.kind)?.hearsEvents ? await countEvents(db, shop.id, destination.id) : null,
        consentSync: await readConsentSync(db, shop.id),
        segments: (await segmentNames(db, shop.id)).map(({ id, name }) => {
          const overview = overviews.find((each) => each.destinationId === destination.id && each.segmentId === id);
          const choice = overview && choices.get(overview.audienceId);
          return { segmentId: id, segmentName: name, audience: overview && choice ? { ...overview, choice } : null };
        }),
        traits: TRAITS.map((trait) => ({
          name: trait.name,
          label: traitWords(trait),
          field: FIELD_RULES[destination.kind].usual(trait.name),
          samples: [...new Set(samples.flatMap(({ [trait.name]: value }) => (value === null ? [] : [String(value)])))],
        })),
      };
    },

    async existing(shopDomain, destinationId) {
      const found = await find(shopDomain, destinationId);
      if (found.outcome !== "found") return found;
      try {
        const places = await destinations.open(found.shop.id, found.destination).listAudiences();
        return { outcome: "found", places };
      } catch (error) {
        return refusal(error);
      }
    },

    async log(shopDomain, destinationId, asked) {
      const found = await find(shopDomain, destinationId);
      if (found.outcome !== "found") return found;
      const { shop, destination } = found;
      const passes = await searchLog(db, shop.id, destination.id, { ...asked, limit: PASSES_PER_PAGE + 1 });
      const shown = passes.slice(0, PASSES_PER_PAGE);
      const more = passes.length > PASSES_PER_PAGE;
      return { outcome: "found", shop, destinationId: destination.id, kind: destination.kind, passes: shown, more };
    },

    async choose(shopDomain, at, choice, by) {
      const found = await find(shopDomain, at.destinationId);
      if (found.outcome !== "found") return found;
      const { shop, destination } = found;
      const complaint = complainAbout(choice.traits, destination.kind);
      if (complaint !== null) return { outcome: "refused", reason: complaint };
      const chosen = await db.tx(async (tx) => {
        const place = { destinationId: destination.id, segmentId: at.segmentId };
        const known = [...(await readChoices(tx, shop.id, destination.id))];
        const done = await chooseAudience(tx, shop.id, place, choice);
        const before = known.find(([id]) => id === done?.id)?.[1];
        const about = { destination, segmentId: at.segmentId, before: before ? shownChoice(before) : null };
        const action = done?.created ? "given an audience" : "changed";
        if (done) await logged(tx, shop.id, by, action, { ...about, after: shownChoice(choice) });
        return done;
      });
      if (!chosen) return { outcome: "gone" };
      if (chosen.created) await ensureAudiences(db, shop.id, moment());
      else await projectAgain(db, shop.id, chosen.id, moment());
      await ring(shop.id, chosen.id);
      const said = chosen.created
        ? t("Have a look at the figures, then start it.")
        : t("Saved. What changed is being sent.");
      return { outcome: "done", said };
    },

    start: (shopDomain, audienceId, warmUp, by) =>
      change(shopDomain, audienceId, async (shop) => {
        const saying = { by, action: "started", after: { warmUp } };
        const started = await changeLogged(shop, audienceId, saying, (tx) =>
          startAudience(tx, shop, audienceId, { warmUp, now: new Date() }),
        );
        return started ? t("Started.") : null;
      }),

    confirm: (shopDomain, audienceId, by) =>
      change(shopDomain, audienceId, async (shop) => {
        const confirmed = await changeLogged(shop, audienceId, { by, action: "agreed to removals" }, async (tx) => {
          const guard = (await findAudience(tx, shop, audienceId))?.guard;
          if (!guard || guard.held === null) return false;
          await saveGuard(tx, shop, audienceId, confirmHeld(guard));
          await releaseRemovals(tx, shop, audienceId, new Date());
          return true;
        });
        return confirmed ? t("They are being removed.") : null;
      }),

    renew: (shopDomain, audienceId, by) =>
      change(shopDomain, audienceId, async (shop) => {
        const renewed = await changeLogged(shop, audienceId, { by, action: "made anew" }, (tx) =>
          renewAudience(tx, shop, audienceId, new Date()),
        );
        return renewed ? t("It is being made anew.") : null;
      }),

    leave: (shopDomain, audienceId, how, by) =>
      change(shopDomain, audienceId, async (shop) => {
        await changeLogged(shop, audienceId, { by, action: "given up", after: { list: how } }, async (tx) => {
          const audience = await findAudience(tx, shop, audienceId);
          // Or the next segment that is published would bring it back.
          if (audience) await setEverySegment(tx, shop, audience.destination.id, false);
          return audience !== null;
        });
        await part(shop, audienceId, how);
        return t(PARTED[how]);
      }),

    async everySegment(shopDomain, destinationId, every, by) {
      const found = await find(shopDomain, destinationId);
      if (found.outcome !== "found") return found;
      const { shop, destination } = found;
      await db.tx(async (tx) => {
        await setEverySegment(tx, shop.id, destination.id, every);
        const said = { before: { everySegment: destination.everySegment }, after: { everySegment: every } };
        await logged(tx, shop.id, by, "changed", { destination, ...said });
      });
      if (every) {
        for (const audienceId of await ensureAudiences(db, shop.id, moment())) await ring(shop.id, audienceId);
      }
      return { outcome: "done", said: t("Saved.") };
    },

    async sendEvents(shopDomain, destinationId, on, by) {
      const found = await find(shopDomain, destinationId);
      if (found.outcome !== "found") return found;
      const { shop, destination } = found;
      if (!FORMS.get(destination.kind)?.hearsEvents) return { outcome: "refused", reason: t("It takes no events.") };
      await db.tx(async (tx) => {
        await saveSegmentEvents(tx, shop.id, destination.id, on);
        const said = { before: { segmentEvents: destination.segmentEvents }, after: { segmentEvents: on } };
        await logged(tx, shop.id, by, "changed", { destination, ...said });
      });
      if (!on) return { outcome: "done", said: t("No more events are sent.") };
      for (const audienceId of await audiencesOf(db, shop.id, destination.id)) {
        await bookHistory(db, shop.id, audienceId, new Date());
        await ring(shop.id, audienceId);
      }
      return { outcome: "done", said: t("From now on each entry and exit is sent as an event.") };
    },

    async consentSync(shopDomain, destinationId, { on, agreed }, by) {
      const found = await find(shopDomain, destinationId);
      if (found.outcome !== "found") return found;
      if (on && !agreed) return { outcome: "refused", reason: t("Confirm that the consent you ask for covers it.") };
      const shopId = found.shop.id;
      await db.tx(async (tx) => {
        const before = await readConsentSync(tx, shopId);
        await saveConsentSync(tx, shopId, on);
        const said = { before: { consentSync: before }, after: { consentSync: on } };
        await logged(tx, shopId, by, "changed", { destination: found.destination, ...said });
      });
      await queue.ring("errands", { shopId }, { key: String(shopId) });
      const said = on
        ? t("Newer consent subscribes people again from now on. Those of before are being looked through.")
        : t("Nobody is subscribed by Muster any more.");
      return { outcome: "done", said };
    },

    async disconnect(shopDomain, destinationId, how, by) {
      const found = await find(shopDomain, destinationId);
      if (found.outcome !== "found") return found;
      const { shop, destination } = found;
      if (how !== "keep" && destination.state === "paused") {
        const reason = t(
          "The connection is paused, so nothing can be changed there. Leave the lists as they are, or mend it first.",
        );
        return { outcome: "refused", reason };
      }
      await db.tx(async (tx) => {
        await beginLeaving(tx, shop.id, destination.id);
        await logged(tx, shop.id, by, "disconnected", { destination, after: { lists: how } });
      });
      const overviews = await audienceStates(db, shop.id);
      for (const { audienceId } of overviews.filter((each) => each.destinationId === destination.id))
        await part(shop.id, audienceId, how);
      await keepHook({ ...options, shop: shop.id, destinationId: destination.id, now: () => new Date() });
      await forgetLeft(db, shop.id, destination.id);
      if (!(await findDestination(db, shop.id, destination.id))) await giveBack(shop.id, destination);
      return { outcome: "done", said: t(PARTED[how]) };
    },

    async rotate(shopDomain, destinationId, by) {
      const found = await find(shopDomain, destinationId);
      if (found.outcome !== "found") return found;
      const { shop, destination } = found;
      const oldUntil = new Date(Date.now() + OLD_SECRET_MS);
      const changed = withNewSecret(destinations.stored(shop.id, destination), randomBytes(32), oldUntil);
      const secret = changed && secretToShow(changed);
      if (!changed || secret === null)
        return {
          outcome: "refused",
          reason: t("Its key is changed at the platform, and then given under Destinations."),
        };
      const place = credentialsPlace(shop.id, destination.kind);
      const sealed = options.crypto.seal(serializeCredentials(changed), place);
      await db.tx(async (tx) => {
        await saveCredentials(tx, shop.id, destination.id, sealed);
        await logged(tx, shop.id, by, "given a new secret", { destination });
      });
      return { outcome: "rotated", secret, oldUntil };
    },

    async sample(shopDomain, destinationId, address) {
      const found = await find(shopDomain, destinationId);
      if (found.outcome !== "found") return found;
      try {
        const report = await sendSample(destinations.open(found.shop.id, found.destination), address);
        const steps = report.steps.map((step) => ({ ...step, words: reasonWords(step.words) }));
        return { outcome: "sampled", report: { ...report, steps } };
      } catch (error) {
        return refusal(error);
      }
    },
  };
}

function shownChoice({ nonSubscribed, guardShare, traits }: AudienceChoice): Record<string, unknown> {
  return { nonSubscribed, guardShare, traits: traits.map(({ trait, field }) => `${trait} as ${field}`) };
}

const PARTED: Record<Parting, Text> = {
  keep: "Forgotten here. The list stays at the platform as it is.",
  empty: "Everybody is being taken off the list, which stays.",
  delete: "The list is being deleted. The people stay at the platform.",
};

function refusal(error: unknown): { outcome: "refused"; reason: string } {
  if (error instanceof PauseConnection || error instanceof RetryLater)
    return { outcome: "refused", reason: reasonSentence(error.message) };
  if (error instanceof Refused)
    return { outcome: "refused", reason: t("The platform answered {status}.", { status: error.status }) };
  throw error;
}

/** What is wrong with a mapping, for the merchant. */
function complainAbout(traits: readonly MappedTrait[], kind: DestinationKind): string | null {
  const fields = traits.map(({ field }) => field);
  const twice = fields.find((field, index) => fields.indexOf(field) !== index);
  if (twice !== undefined) return t("Two traits go into {field}. Give one of them another name.", { field: twice });
  return fields.map((field) => FIELD_RULES[kind].complain(field)).find((complaint) => complaint !== null) ?? null;
}
