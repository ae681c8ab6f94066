import fc from "fast-check";
import { expect, test } from "vitest";
import { decideConsent, learn, type Register, type Statement } from "../../app/sync/consent/decide-consent.ts";

const RUNS = process.env["MUSTER_LONG"] ? 100_000 : 10_000;
const SIDES = ["shop", "klaviyo", "mailchimp"] as const;
type Side = (typeof SIDES)[number];

/** The person decides somewhere, an address bounces, or news of a change that was made reaches us or is told by us. */
type Step =
  | { do: "subscribe" | "unsubscribe" | "bounce"; side: Side }
  /** An outstanding statement arrives, whichever; it may come again. */
  | { do: "arrive"; which: number; again: boolean }
  /** We act on what we know. A fault is an answer that got lost: applied, and told again later. */
  | { do: "act"; fault: "none" | "refused" | "answer lost" };

const side = fc.constantFrom(...SIDES);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("subscribe" as const, "unsubscribe" as const), side }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("bounce" as const), side: fc.constantFrom("klaviyo", "mailchimp") }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("arrive" as const), which: fc.nat(9), again: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("act" as const),
      fault: fc.constantFrom("none" as const, "refused" as const, "answer lost" as const),
    }),
  },
);

/** One address in the shop and at both platforms, with what really happened kept beside what we were told. */
function createPerson(consentSync: boolean) {
  let time = 0;
  let register: Register = new Map();
  /** What the person did, in order: the truth. */
  const acts: { subscribe: boolean; lasting: boolean; at: number; side: Side }[] = [];
  const held = new Map<Side, boolean>();
  const outstanding: Statement[] = [];
  const known: Statement[] = [];
  const at = (moment: number): Date => new Date(moment * 1_000);

  const take = (statement: Statement): void => {
    known.push(statement);
    register = learn(register, statement);
  };

  const person = {
    acts,
    held,
    /** A side is unsubscribed although the person had just subscribed again, which we had not heard, or it would not be told. */
    overtaken: false,
    play(current: Step): void {
      time += 1;
      switch (current.do) {
        case "subscribe":
        case "unsubscribe":
        case "bounce": {
          const subscribe = current.do === "subscribe";
          const lasting = current.do === "bounce";
          acts.push({ subscribe, lasting, at: time, side: current.side });
          held.set(current.side, subscribe);
          const state = subscribe ? "subscribed" : "unsubscribed";
          outstanding.push({ source: current.side, state, at: at(time), lasting });
          return;
        }
        case "arrive": {
          const index = current.which % Math.max(1, outstanding.length);
          const statement = outstanding[index];
          if (!statement) return;
          if (!current.again) outstanding.splice(index, 1);
          return take(statement);
        }
        case "act":
          person.act(current.fault);
      }
    },

    act(fault: "none" | "refused" | "answer lost"): number {
      const { tell, mayMail } = decideConsent(register, { consentSync });
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
          expect(heard.some((one) => one.state === "subscribed" && one.at.getTime() === since.getTime())).toBe(true);
          expect(newer(since)).toBe(true);
        } else expect(unsubscribed.some((one) => one.at.getTime() === since.getTime())).toBe(true);
        // A subscription counts as the side's from before it is told: its answer may get lost, and a no that comes then must reach it.
        if (state === "subscribed") take({ source, state, at: since });
        if (fault === "refused") {
          if (state === "subscribed") person.overtaken = true;
          continue;
        }
        // What the person ended no request may begin again: both platforms refuse it. The other way round they do as told.
        const last = acts.findLast((one) => one.side === source);
        const outdated = state === "subscribed" && last !== undefined && !last.subscribe && at(last.at) >= since;
        if (state === "unsubscribed" && last?.subscribe && at(last.at) > since) person.overtaken = true;
        if (outdated) person.overtaken = true;
        if (!outdated) held.set(source as Side, state === "subscribed");
        if (state === "subscribed") continue;
        // An answer that got lost is made up for by the side's own news of what changed there.
        if (fault === "none") take({ source, state, at: since });
        else outstanding.push({ source, state, at: since });
      }
      return tell.length;
    },

    /** Everything outstanding arrives, then we act until there is nothing left to tell. */
    settle(): void {
      for (const statement of outstanding.splice(0)) take(statement);
      for (let round = 0; person.act("none") > 0; round += 1) expect(round).toBeLessThan(5);
    },

    mayMail: (): boolean => decideConsent(register, { consentSync }).mayMail,
  };
  return person;
}

test(
  "in thousands of two-way histories nobody is subscribed without consent and no unsubscribe is lost",
  { timeout: 600_000 },
  () => {
    const history = fc.array(step, { minLength: 3, maxLength: 24 });
    let played = 0;
    fc.assert(
      fc.property(history, fc.boolean(), (steps, consentSync) => {
        const person = createPerson(consentSync);
        for (const current of steps) person.play(current);
        person.settle();
        played += 1;

        const nos = person.acts.filter((act) => !act.subscribe);
        const lasting = person.acts.some((act) => act.lasting);
        const lastNo = nos.at(-1)?.at ?? -1;
        const saidYes = (anywhere: boolean, where: Side): boolean =>
          person.acts.some((act) => act.subscribe && act.at > lastNo && (anywhere || act.side === where));
        for (const [where, subscribed] of person.held) {
          // Whoever is subscribed said so, there (or anywhere, with the consent sync), after every no; and whoever said so is.
          if (subscribed) expect(saidYes(consentSync, where)).toBe(true);
          else if (!person.overtaken) expect(saidYes(consentSync && !lasting, where)).toBe(false);
        }
        const mailed = person.acts.findLast((act) => act.side === "shop")?.subscribe === true;
        if (person.mayMail() && !person.overtaken) expect(person.held.get("shop")).toBe(true);
        if (lasting || (nos.length > 0 && person.acts.at(-1)?.subscribe === false))
          expect(person.mayMail()).toBe(false);
        if (nos.length === 0 && !consentSync) expect(person.mayMail()).toBe(mailed);
      }),
      { numRuns: RUNS },
    );
    expect(played).toBe(RUNS);
  },
);
