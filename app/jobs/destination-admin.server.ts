import { randomBytes } from "node:crypto";
import type { Crypto } from "../platform/crypto.server.ts";
import type { Db } from "../platform/db.server.ts";
import type { IdPage, IdWindow } from "../platform/id-window.ts";
import { segmentNames } from "../segment/segment-pages-store.server.ts";
import type { Shop } from "../shopify/shop-store.server.ts";
import { type AudienceChoice, readChoices } from "../sync/audience-store.server.ts";
import { credentialsPlace } from "../sync/credentials-place.ts";
import {
  audiencesOf,
  beginLeaving,
  type DestinationRow,
  findAudience,
  forgetLeft,
  HEARS,
  saveCredentials,
  setEverySegment,
} from "../sync/destination-store.server.ts";
import {
  CONNECTION_FORMS,
  type Destinations,
  FIELD_RULES,
  secretToShow,
  serializeCredentials,
  withNewSecret,
} from "../sync/destinations.ts";
import { readConsentSync, saveConsentSync } from "../sync/errands/errands-store.server.ts";
import { bookHistory, countEvents, saveSegmentEvents } from "../sync/events/events-store.server.ts";
import { findHook } from "../sync/hooks/hooks-store.server.ts";
import { keepHook } from "../sync/hooks/keep-hook.server.ts";
import { ensureAudiences, readTraitSamples } from "../sync/projection-store.server.ts";
import { type LoggedPass, type LogMeaning, searchLog } from "../sync/log-store.server.ts";
import { reasonWords } from "../sync/reason-words.ts";
import { type SampleReport, sendSample } from "../sync/send-sample.ts";
import { type AudienceOverview, audienceStates } from "../sync/sync-store.server.ts";
import { TRAITS, traitWords } from "../sync/traits.ts";
import { t } from "../texts/text.ts";
import { type AudienceAdmin, createAudienceAdmin } from "./audience-admin.server.ts";
import type { Jobs } from "./catalogue.ts";
import {
  type Changed,
  createChanges,
  type Missing,
  PARTED,
  type Parting,
  refusal,
} from "./destination-changes.server.ts";
import { createDownloadLinks } from "./download-links.server.ts";
import type { Queue } from "./queue.ts";

/** One segment and how it is kept in the destination; null: it has no audience there. */
export interface SegmentChoice {
  segmentId: number;
  segmentName: string;
  audience:
    | (AudienceOverview & {
        choice: AudienceChoice & { adopted: boolean };
        /** Where the file of who is not in it can be fetched for the next hour, without a session. */
        exceptionsPath: string;
      })
    | null;
}

export interface DestinationDetails {
  outcome: "found";
  shop: Shop;
  /** Real time. */
  now: Date;
  destination: Omit<DestinationRow, "credentials" | "settings">;
  /** The platform calls us when somebody decides something there; otherwise it is asked every five minutes. */
  calls: boolean;
  /** It is told of text messages and WhatsApp that somebody ends in the shop. */
  hearsTexts: boolean;
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

/**
 * What the pages about one connection read and change, with its audiences. Ids are as they stand in an address or came with a form; `by` is who does it, by name.
 */
export interface DestinationAdmin extends AudienceAdmin {
  open(shopDomain: string, destinationId: string): Promise<DestinationDetails | Missing>;
  /** What was sent, the newest first. @param asked.before an id of a pass */
  log(
    shopDomain: string,
    destinationId: string,
    asked: { query: string; meant: LogMeaning; window: IdWindow },
  ): Promise<{ outcome: "found"; shop: Shop; destinationId: number; kind: string; page: IdPage<LoggedPass> } | Missing>;
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
  destinations: Pick<Destinations, "open" | "stored">;
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
  const changes = createChanges(options);
  const { find, logged, part, ring } = changes;
  const links = createDownloadLinks(options.crypto, "audiences|exceptions");
  const moment = () => ({ now: new Date(), receivedAt: null, dueAfterMs: 0 });

  return {
    ...createAudienceAdmin({ ...options, changes, links }),

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
        hearsTexts: HEARS[destination.kind].includes("sms"),
        consentSync: await readConsentSync(db, shop.id),
        segments: (await segmentNames(db, shop.id)).map(({ id, name }) => {
          const overview = overviews.find((each) => each.destinationId === destination.id && each.segmentId === id);
          const choice = overview && choices.get(overview.audienceId);
          return {
            segmentId: id,
            segmentName: name,
            audience:
              overview && choice
                ? {
                    ...overview,
                    choice,
                    exceptionsPath: `/exceptions/${links.token(shop.id, String(overview.audienceId))}`,
                  }
                : null,
          };
        }),
        traits: TRAITS.map((trait) => ({
          name: trait.name,
          label: traitWords(trait),
          field: FIELD_RULES[destination.kind].usual(trait.name),
          samples: [...new Set(samples.flatMap(({ [trait.name]: value }) => (value === null ? [] : [String(value)])))],
        })),
      };
    },

    async log(shopDomain, destinationId, asked) {
      const found = await find(shopDomain, destinationId);
      if (found.outcome !== "found") return found;
      const { shop, destination } = found;
      const page = await searchLog(db, shop.id, destination.id, { ...asked, limit: PASSES_PER_PAGE });
      return { outcome: "found", shop, destinationId: destination.id, kind: destination.kind, page };
    },

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
      for (const audienceId of await audiencesOf(db, shop.id, destination.id)) {
        // The list that a removed segment left behind is the merchant's own.
        const kept = (await findAudience(db, shop.id, audienceId))?.retired === "kept";
        await part(shop.id, audienceId, kept ? "keep" : how);
      }
      await keepHook({ ...options, shop: shop.id, destinationId: destination.id, now: () => new Date() });
      await forgetLeft(db, shop.id, destination.id);
      await queue.ring("errands", { shopId: shop.id }, { key: String(shop.id) });
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
