import type { Db } from "../platform/db.server.ts";
import type { Automation } from "../segment/automations/automation.ts";
import { listAutomations } from "../segment/automations/automations-store.server.ts";
import { previewDependents } from "../segment/dependent-previews-store.server.ts";
import type { Rule } from "../segment/language/tree.ts";
import { type Preview, previewRule } from "../segment/preview-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { listsOfSegment } from "../sync/audience-store.server.ts";
import { type DestinationKind, listDestinations } from "../sync/destination-store.server.ts";
import { MAILABLE, UNASKED } from "../sync/projection-store.server.ts";
import { type Person, readPeople } from "./people.server.ts";

/** What the publication of a rule would do to one segment. */
export interface Reach extends Omit<Preview, "among" | "entering" | "leaving"> {
  /** The lists it has, or gets. */
  lists: FollowingList[];
  /** What its automations could do for those who would move. */
  automations: PreviewedAutomation[];
}

export interface FollowingList {
  kind: DestinationKind;
  /** Whether people who neither subscribed nor unsubscribed are put in. */
  nonSubscribed: boolean;
}

export interface PreviewedAutomation {
  name: string;
  state: Automation["state"];
  /** How often it could run for those who enter, and for those who leave. */
  entries: number;
  exits: number;
}

export interface Foreseen extends Reach {
  /** Some of those who would be in; empty where somebody would move, which is what matters then. */
  among: Person[];
  entering: Person[];
  leaving: Person[];
  /** Other segments in which somebody would move, because their rules ask for this one. */
  dependents: (Reach & { id: number; name: string })[];
}

interface Publication {
  rule: Rule;
  /** Null: for a new segment. */
  segmentId: number | null;
  at: Date;
}

const SAMPLE = 5;
/** Of the members: a publication that moves more of them is asked about first. */
export const GUARD_SHARE = 0.2;
/** A segment this small moves by such a share all the time. */
export const GUARD_FROM = 10;

/** What would follow if this rule were live, in its segment and in those that ask for it. */
export async function foreseePublication(db: Db, shop: ShopId, given: Publication): Promise<Foreseen> {
  const { segmentId } = given;
  const asked = { ...given, sample: SAMPLE, mailable: MAILABLE, unasked: UNASKED };
  const own = await previewRule(db, shop, asked);
  const dependents: Foreseen["dependents"] = [];
  const moves = own.enters + own.leaves > 0;
  if (segmentId !== null && moves) {
    for (const { segment, preview } of await previewDependents(db, shop, { ...asked, segmentId, sample: 0 })) {
      dependents.push({ ...segment, ...(await reachOf(db, shop, segment.id, preview)) });
    }
  }
  return {
    ...(await reachOf(db, shop, segmentId, own)),
    among: await readPeople(db, shop, moves ? [] : own.among),
    entering: await readPeople(db, shop, own.entering),
    leaving: await readPeople(db, shop, own.leaving),
    dependents,
  };
}

/** How many would move, in the segment and in those that ask for it. */
export interface LargeMove extends Pick<Preview, "enters" | "leaves" | "members"> {
  dependents: ({ name: string } & Pick<Preview, "enters" | "leaves">)[];
}

/**
 * What has to be agreed to before the rule is published: so much of its segment, or of one that asks for it, would move.
 * @param confirmed how many moves in all were agreed to
 * @returns null: nothing more than that.
 */
export async function largeMove(
  db: Db,
  shop: ShopId,
  given: Publication & { segmentId: number },
  confirmed: number,
): Promise<LargeMove | null> {
  const asked = { ...given, sample: 0, mailable: MAILABLE, unasked: UNASKED };
  const { enters, leaves, members } = await previewRule(db, shop, asked);
  const followers = await previewDependents(db, shop, asked);
  const all = [{ enters, leaves, members }, ...followers.map(({ preview }) => preview)];
  const moves = all.reduce((sum, each) => sum + each.enters + each.leaves, 0);
  if (!all.some(movesMuch) || moves <= confirmed) return null;
  const dependents = followers.map(({ segment, preview }) => ({
    name: segment.name,
    enters: preview.enters,
    leaves: preview.leaves,
  }));
  return { enters, leaves, members, dependents };
}

function movesMuch({ members, enters, leaves }: Pick<Preview, "members" | "enters" | "leaves">): boolean {
  const before = members - enters + leaves;
  return before >= GUARD_FROM && enters + leaves > before * GUARD_SHARE;
}

async function reachOf(
  db: Db,
  shop: ShopId,
  segmentId: number | null,
  { members, enters, leaves, mailable, unasked, estimated }: Preview,
): Promise<Reach> {
  const automations = segmentId === null ? [] : await listAutomations(db, shop, segmentId);
  return {
    members,
    enters,
    leaves,
    mailable,
    unasked,
    estimated,
    lists: await listsOf(db, shop, segmentId),
    automations: automations.map(({ name, state, onEntry, onExit }) => ({
      name,
      state,
      entries: state === "active" && onEntry ? enters : 0,
      exits: state === "active" && onExit ? leaves : 0,
    })),
  };
}

/** Of an existing segment the lists it has, of a new one those it gets. */
async function listsOf(db: Db, shop: ShopId, segmentId: number | null): Promise<FollowingList[]> {
  if (segmentId !== null) return listsOfSegment(db, shop, segmentId);
  return (await listDestinations(db, shop)).flatMap(({ kind, everySegment, leaving }) =>
    everySegment && !leaving ? { kind, nonSubscribed: false } : [],
  );
}
