import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Channel,
  type ConsentBook,
  decideConsent,
  learn,
  type Register,
  type Statement,
} from "../../app/sync/consent/decide-consent.ts";
import type { KlaviyoClient } from "../../app/sync/klaviyo/client.ts";
import { createKlaviyoDestination } from "../../app/sync/klaviyo/destination.ts";

const RUNS = process.env["MUSTER_LONG"] ? 100_000 : 10_000;
const SIDES = ["shop", "klaviyo", "mailchimp"] as const;
type Side = (typeof SIDES)[number];

const CHANNELS = ["email", "sms", "whatsapp"] as const satisfies readonly Channel[];

/** The person decides somewhere, an address bounces, or news of a change that was made reaches us or is told by us. */
type Step =
  /** `proven`: it is known how the person gave their consent. */
  | { do: "subscribe"; side: Side; proven: boolean }
  | { do: "bounce"; side: Side }
  /** `byStaff`: the shop's people ended it at the platform, which Mailchimp lets a request undo. */
  | { do: "unsubscribe"; side: Side; byStaff: boolean }
  /** An outstanding statement arrives, whichever; it may come again. */
  | { do: "arrive"; which: number; again: boolean }
  /** All that is outstanding arrives. */
  | { do: "hear" }
  /**
   * We act on what we know. A fault is an answer that got lost: applied, and told again later. Between our look at Klaviyo and its taking of a
   * subscription the person may end it there, or complain; and Klaviyo may take it some time after it answered.
   */
  | { do: "act"; fault: "none" | "refused" | "answer lost"; meanwhile: Meanwhile; takenAfter: number };
type Meanwhile = "nothing" | "unsubscribe" | "bounce";

/** How long Klaviyo works on a subscription at the most, and how long we take it for possible. */
const LONGEST_TAKING = 5;
const TAKEN_WITHIN = 8;

const side = fc.constantFrom(...SIDES);
const meanwhile = fc.constantFrom<Meanwhile>("nothing", "nothing", "unsubscribe", "bounce");
const takenAfter = fc.oneof(fc.constant(0), fc.nat(LONGEST_TAKING));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("subscribe" as const), side, proven: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("unsubscribe" as const), side, byStaff: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("bounce" as const), side: fc.constantFrom("klaviyo", "mailchimp") }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("arrive" as const), which: fc.nat(9), again: fc.boolean() }) },
  { weight: 2, arbitrary: fc.constant({ do: "hear" as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("act" as const),
      fault: fc.constantFrom("none" as const, "refused" as const, "answer lost" as const),
      meanwhile,
      takenAfter,
    }),
  },
);

/** What became of subscriptions that Klaviyo was told, in all histories: each has to happen often, or nothing was tried. */
const subscriptions = { raised: 0, refused: 0, overANo: 0, takenLate: 0 };

type Standing = NonNullable<Awaited<ReturnType<KlaviyoClient["consentOf"]>>>;

/**
 * Klaviyo's books on one address, with our own destination in front of them. A subscription by request lifts whatever stands against it, as
 * Klaviyo's does, and a bounce beside, whenever it takes it: what keeps it from a person's no is the destination alone.
 * @param arriving a subscription arrives, after our look; tells how many seconds later it is taken
 */
function createKlaviyo(now: () => Date, arriving: () => number) {
  const underWay: number[] = [];
  let standing: Standing = { consent: "NEVER_SUBSCRIBED", at: null, suppressions: [] };
  const become = (consent: string, at = now()): void => {
    standing = { ...standing, consent, at, suppressions: consent === "SUBSCRIBED" ? [] : standing.suppressions };
  };
  const takeDue = (): void => {
    for (const due of underWay.filter((each) => each <= now().getTime())) {
      underWay.splice(underWay.indexOf(due), 1);
      if (standing.suppressions.length > 0) subscriptions.overANo += 1;
      become("SUBSCRIBED", new Date(due));
    }
  };
  const client: Pick<KlaviyoClient, "consentOf" | "subscribe" | "unsubscribe"> = {
    async consentOf() {
      takeDue();
      return standing;
    },
    async subscribe() {
      const after = arriving();
      if (after > 0) subscriptions.takenLate += 1;
      underWay.push(now().getTime() + after * 1_000);
      takeDue();
    },
    async unsubscribe() {
      takeDue();
      become("UNSUBSCRIBED");
    },
  };
  const unused = () => Promise.reject(new Error("nothing waits"));
  return {
    destination: createKlaviyoDestination({
      clientFor: () => client as KlaviyoClient,
      takeCalls: () => [],
      singlesAvailable: unused,
      sleep: unused,
    }),
    personDecides(decision: "subscribe" | "unsubscribe" | "bounce"): void {
      takeDue();
      become(decision === "subscribe" ? "SUBSCRIBED" : "UNSUBSCRIBED");
      const reason = { subscribe: null, unsubscribe: "UNSUBSCRIBE", bounce: "HARD_BOUNCE" }[decision];
      if (reason !== null) standing.suppressions.push({ reason, at: now() });
    },
    subscribed(): boolean {
      takeDue();
      return standing.consent === "SUBSCRIBED";
    },
  };
}

/**
 * One address of one channel in the shop and at both platforms, with what really happened kept beside what we were told. The registers of all
 * channels are in one book, as the person's are: what one channel says must not show in another.
 */
function createAddress(channel: Channel, book: Map<Channel, Register>, clock: () => number, consentSync: boolean) {
  let time = 0;
  /** What the person did, in order: the truth. */
  const acts: { subscribe: boolean; proven: boolean; lasting: boolean; byStaff: boolean; at: number; side: Side }[] =
    [];
  const held = new Map<Side, boolean>();
  const outstanding: Statement[] = [];
  const known: Statement[] = [];
  const at = (moment: number): Date => new Date(moment * 1_000);
  /** What happens at Klaviyo while a subscription is on its way there. */
  let underWay: { meanwhile: Meanwhile; takenAfter: number } = { meanwhile: "nothing", takenAfter: 0 };
  const klaviyo = createKlaviyo(
    () => at(time),
    () => {
      if (underWay.meanwhile !== "nothing") decides({ do: underWay.meanwhile, side: "klaviyo", byStaff: false });
      return underWay.takenAfter;
    },
  );
  /** Until when Klaviyo may take, and so date, the subscription it was last told. */
  let raisedUntil = at(0);

  const decides = (current: Extract<Step, { side: Side }>): void => {
    time = clock();
    const subscribe = current.do === "subscribe";
    const lasting = current.do === "bounce";
    const proven = current.do === "subscribe" && current.proven;
    const byStaff = current.do === "unsubscribe" && current.byStaff;
    acts.push({ subscribe, proven, lasting, byStaff, at: time, side: current.side });
    held.set(current.side, subscribe);
    if (current.side === "klaviyo") klaviyo.personDecides(current.do);
    const state = subscribe ? "subscribed" : "unsubscribed";
    outstanding.push({ source: current.side, state, at: at(time), lasting, proven });
  };

  const take = (statement: Statement): void => {
    known.push(statement);
    book.set(channel, learn(book.get(channel) ?? new Map(), statement));
  };
  const decide = () =>
    decideConsent(book.get(channel) ?? new Map(), { consentSync, platforms: ["klaviyo", "mailchimp"] });

  const person = {
    acts,
    held,
    /** A side is unsubscribed although the person had just subscribed again, which we had not heard, or it would not be told. */
    overtaken: false,
    async play(current: Step): Promise<void> {
      switch (current.do) {
        case "subscribe":
        case "unsubscribe":
        case "bounce":
          return decides(current);
        case "arrive": {
          const index = current.which % Math.max(1, outstanding.length);
          const statement = outstanding[index];
          if (!statement) return;
          if (!current.again) outstanding.splice(index, 1);
          return take(statement);
        }
        case "hear":
          return outstanding.splice(0).forEach(take);
        case "act":
          time = clock();
          underWay = current;
          await person.act(current.fault);
      }
    },

    async act(fault: "none" | "refused" | "answer lost"): Promise<number> {
      const { tell, mayMail } = decide();
      const heard = known.filter(({ source }) => SIDES.includes(source as Side));
      const unsubscribed = heard.filter(({ state }) => state === "unsubscribed");
      const newer = (moment: Date): boolean => unsubscribed.every((one) => one.at < moment && !one.lasting);
      if (mayMail) {
        // The shop's own last word that we know of is a yes, and no platform's last word is a no that outranks it.
        const yes = heard.filter(({ source, state }) => source === "shop" && state === "subscribed");
        const latest = yes.toSorted((a, b) => a.at.getTime() - b.at.getTime()).at(-1);
        expect(latest).toBeDefined();
        expect(unsubscribed.filter(({ source }) => source === "shop").every((no) => no.at < (latest?.at ?? 0))).toBe(
          true,
        );
        expect(unsubscribed.some(({ lasting }) => lasting)).toBe(false);
      }
      for (const { source, state, at: since } of tell) {
        if (state === "subscribed") {
          expect(consentSync).toBe(true);
          const told = heard.filter((one) => one.state === "subscribed" && one.at.getTime() === since.getTime());
          expect(told.some(({ proven }) => proven)).toBe(true);
          expect(newer(since)).toBe(true);
        } else expect(unsubscribed.some((one) => one.at.getTime() === since.getTime())).toBe(true);
        // A subscription counts as the side's from before it is told: its answer may get lost, and a no that comes then must reach it.
        const told = at(state === "subscribed" ? time + TAKEN_WITHIN : time);
        if (state === "subscribed") take({ source, state, at: since, proven: true, told });
        if (fault === "refused") {
          if (state === "subscribed") person.overtaken = true;
          continue;
        }
        if (source === "klaviyo") {
          const done = await person.tellKlaviyo(state, since);
          const own = acts.findLast((one) => one.side === source);
          if (state === "unsubscribed" && own?.subscribe && at(own.at) > since) person.overtaken = true;
          if (!done) person.overtaken = true;
          if (!done || state === "subscribed") continue;
        } else {
          // What the person ended no request may begin again: Mailchimp and the shop refuse it. The other way round they do as told.
          const last = acts.findLast((one) => one.side === source);
          const outdated =
            state === "subscribed" && last !== undefined && !last.subscribe && !last.byStaff && at(last.at) >= since;
          if (state === "unsubscribed" && last?.subscribe && at(last.at) > since) person.overtaken = true;
          if (outdated) person.overtaken = true;
          if (!outdated) held.set(source as Side, state === "subscribed");
          if (state === "subscribed") continue;
        }
        // An answer that got lost is made up for by the side's own news of what changed there.
        if (fault === "none") take({ source, state, at: since, told });
        else outstanding.push({ source, state, at: since });
      }
      return tell.length;
    },

    /** As an errand does it. @returns whether Klaviyo was changed. */
    async tellKlaviyo(state: "subscribed" | "unsubscribed", since: Date): Promise<boolean> {
      const { destination, subscribed } = klaviyo;
      const address = "ada@example.com";
      let done: boolean;
      if (state === "subscribed") {
        raisedUntil = at(time + TAKEN_WITHIN);
        done = (await destination.raiseConsent(address, since)).outcome === "done";
        subscriptions[done ? "raised" : "refused"] += 1;
      } else {
        const own = raisedUntil > since ? raisedUntil : since;
        done = (await destination.lowerConsent({ channel: "email", address }, own)) === "lowered";
      }
      held.set("klaviyo", subscribed());
      return done;
    },

    /** Everything outstanding arrives and we act, until nothing is left to tell, which may have to wait for Klaviyo. */
    async settle(ending: typeof underWay): Promise<void> {
      underWay = ending;
      for (let round = 0, told = 1; told > 0 || outstanding.length > 0; round += 1) {
        expect(round).toBeLessThan(6);
        time = clock();
        for (const statement of outstanding.splice(0)) take(statement);
        told = await person.act("none");
        underWay = { meanwhile: "nothing", takenAfter: 0 };
        for (let second = 0; second <= TAKEN_WITHIN; second += 1) time = clock();
      }
      if (held.has("klaviyo")) held.set("klaviyo", klaviyo.subscribed());
    },

    mayMail: (): boolean => decide().mayMail,
  };
  return person;
}

test(
  "in thousands of two-way histories nobody is subscribed without consent and no unsubscribe is lost",
  { timeout: 600_000 },
  async () => {
    const history = fc.array(fc.tuple(fc.constantFrom(0, 0, 1, 2), step), { minLength: 3, maxLength: 40, size: "max" });
    const ending = fc.record({ meanwhile, takenAfter });
    let played = 0;
    await fc.assert(
      fc.asyncProperty(history, fc.boolean(), ending, async (steps, consentSync, last) => {
        let time = 0;
        const book = new Map<Channel, Register>();
        const addresses = CHANNELS.map((channel) => createAddress(channel, book, () => ++time, consentSync));
        for (const [place, current] of steps) await addresses[place]?.play(current);
        for (const address of addresses) await address.settle(last);
        for (const address of addresses) judge(address, consentSync);
        onlyTheirOwn(book, addresses);
        played += 1;
      }),
      { numRuns: RUNS },
    );
    expect(played).toBe(RUNS);
    expect(subscriptions.raised).toBeGreaterThan(RUNS / 100);
    expect(subscriptions.refused).toBeGreaterThan(RUNS / 1_000);
    expect(subscriptions.overANo).toBeGreaterThan(RUNS / 200);
    expect(subscriptions.takenLate).toBeGreaterThan(RUNS / 200);
  },
);

type Address = ReturnType<typeof createAddress>;

/** What the person did says who may be subscribed where, whatever was heard when. */
function judge(person: Address, consentSync: boolean): void {
  const nos = person.acts.filter((act) => !act.subscribe);
  const lasting = person.acts.some((act) => act.lasting);
  const lastNo = nos.at(-1)?.at ?? -1;
  const saidYes = (where: Side, alsoElsewhere: boolean): boolean =>
    person.acts.some(
      (act) => act.subscribe && act.at > lastNo && (act.side === where || (alsoElsewhere && act.proven)),
    );
  for (const [where, subscribed] of person.held) {
    // Whoever is subscribed said so, there (or provably anywhere, with the consent sync), after every no; and whoever said so is.
    if (subscribed) expect(saidYes(where, consentSync)).toBe(true);
    else if (!person.overtaken) expect(saidYes(where, consentSync && !lasting)).toBe(false);
  }
  const mailed = person.acts.findLast((act) => act.side === "shop")?.subscribe === true;
  if (person.mayMail() && !person.overtaken) expect(person.held.get("shop")).toBe(true);
  if (lasting || (nos.length > 0 && person.acts.at(-1)?.subscribe === false)) expect(person.mayMail()).toBe(false);
  if (nos.length === 0 && !consentSync) expect(person.mayMail()).toBe(mailed);
}

/** A channel in which nothing happened is not in the book, and no channel's register knows a time of another's. */
function onlyTheirOwn(book: ConsentBook, addresses: readonly Address[]): void {
  CHANNELS.forEach((channel, place) => {
    const times = new Set(addresses[place]?.acts.map((act) => act.at * 1_000));
    for (const standing of book.get(channel)?.values() ?? [])
      for (const at of [standing.subscribedAt, standing.unsubscribedAt])
        if (at !== null) expect(times.has(at.getTime())).toBe(true);
  });
}
