import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { dueTransitions, type Standing } from "../../../app/segment/automations/due-transitions.ts";
import { retryDelay } from "../../../app/segment/automations/retry-delay.ts";
import type { Interval } from "../../../app/segment/evaluation/customer-history.ts";
import { membershipDifference } from "../../../app/segment/membership-difference.ts";

const at = (minute: number): Date => new Date(minute * 60_000);
const END = 40;

/** The rule of this world: two things happened in the last five minutes. */
const isTrue = (known: readonly number[], minute: number): boolean =>
  known.filter((fact) => fact <= minute && fact > minute - 5).length >= 2;

function staysOf(known: readonly number[], now: number): Interval[] {
  const stays: { enteredAt: Date; leftAt: Date | null }[] = [];
  for (let minute = 0; minute <= now; minute += 1) {
    const open = stays.at(-1)?.leftAt === null;
    if (isTrue(known, minute) && !open) stays.push({ enteredAt: at(minute), leftAt: null });
    const last = stays.at(-1);
    if (!isTrue(known, minute) && open && last) last.leftAt = at(minute);
  }
  return stays;
}

/** What is announced, worked out minute by minute from what is true, without a look at any stay. */
function oracle(decisions: readonly { now: number; known: readonly number[] }[], published: number): string[] {
  const said: string[] = [];
  let inside = false;
  let upTo = published;
  for (const { now, known } of decisions) {
    const truth = (minute: number): boolean => minute >= 0 && isTrue(known, minute);
    const staysTrue = (from: number): boolean => {
      for (let minute = from; minute <= now; minute += 1) if (!truth(minute)) return false;
      return true;
    };
    let reached = upTo;
    for (let minute = upTo + 1; minute <= now; minute += 1) {
      if (truth(minute) === truth(minute - 1)) continue;
      reached = minute;
      if (truth(minute) && !inside && staysTrue(minute)) said.push(`entered ${minute}`);
      else if (!truth(minute) && inside) said.push(`left ${minute}`);
      else continue;
      inside = truth(minute);
    }
    if (inside && !truth(now)) {
      said.push(`left ${now} withdrawn`);
      inside = false;
    }
    upTo = reached;
  }
  return said;
}

const fact = fc.record({ at: fc.integer({ min: 0, max: END }), late: fc.oneof(fc.constant(0), fc.nat(20)) });
const world = fc.record({
  facts: fc.array(fact, { minLength: 4, maxLength: 14 }),
  /** When the worker looks; in between it is down. */
  looks: fc.uniqueArray(fc.integer({ min: 1, max: END + 25 }), { minLength: 1, maxLength: 25 }),
  /** Facts that turn out never to have been. */
  gone: fc.array(fc.record({ which: fc.nat(13), at: fc.integer({ min: 0, max: END + 25 }) }), { maxLength: 3 }),
  published: fc.constantFrom(-1, -1, 8),
  killed: fc.array(fc.boolean(), { minLength: 25, maxLength: 25 }),
});

function live({ facts, looks, gone, published, killed }: typeof world extends fc.Arbitrary<infer T> ? T : never) {
  const decisions = looks
    .toSorted((left, right) => left - right)
    .filter((now) => now > published)
    .map((now) => ({
      now,
      // Told twice is told once: a fact that arrives again is the same fact.
      known: facts
        .filter(
          (one, index) =>
            one.at + one.late <= now &&
            one.at <= now &&
            !gone.some(({ which, at: when }) => which === index && when <= now),
        )
        .map((one) => one.at),
    }));
  let standing: Standing | null = null;
  let stored: Interval[] = [];
  const said: string[] = [];
  for (const [index, { now, known }] of decisions.entries()) {
    const wanted = staysOf(known, now);
    const difference = membershipDifference(stored, wanted, at(now));
    if (difference.changes.length === 0) continue;
    const decided = {
      before: stored,
      difference,
      version: 1,
      publishedAt: at(published),
      announced: false,
      now: at(now),
    };
    // Killed before its transaction ended: nothing of it is there, and the next one does it again.
    if (killed[index]) dueTransitions(standing, decided);
    const { due, standing: next } = dueTransitions(standing, decided);
    const again = dueTransitions(next, { ...decided, before: wanted, difference: { write: [], remove: [] } });
    expect(again.due, "the same decision once more").toEqual([]);
    for (const one of due) {
      said.push(`${one.change} ${one.at.getTime() / 60_000}${one.reason === "withdrawn" ? " withdrawn" : ""}`);
    }
    stored = wanted;
    standing = next;
  }
  return { said, expected: oracle(decisions, published) };
}

describe("what is announced", () => {
  it("is what a naive reading of the facts announces, whatever is late, lost, taken back, repeated or killed between", () => {
    let seen = 0;
    fc.assert(
      fc.property(world, (given) => {
        if (given.published >= 0) return;
        const { said, expected } = live(given);
        seen += expected.length;
        expect(said).toEqual(expected);
      }),
      { numRuns: 2_000 },
    );
    expect(seen).toBeGreaterThan(300);
  });

  it("alternates, goes forward, and names no transition twice, and none from before the rule was live", () => {
    fc.assert(
      fc.property(world, (given) => {
        const { said } = live(given);
        const happened = said.filter((one) => !one.endsWith("withdrawn"));
        expect(new Set(happened).size).toBe(happened.length);
        for (const [index, one] of said.entries()) {
          expect(Number(one.split(" ")[1])).toBeGreaterThan(given.published);
          if (index > 0) expect(one.split(" ")[0]).not.toBe(said[index - 1]?.split(" ")[0]);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("one decision", () => {
  const stay = (from: number, to: number | null = null): Interval => ({
    enteredAt: at(from),
    leftAt: to === null ? null : at(to),
  });
  const decide = (standing: Standing | null, before: Interval[], after: Interval[], more: object = {}) => {
    const difference = membershipDifference(before, after, at(100));
    return dueTransitions(standing, {
      before,
      difference,
      version: 1,
      publishedAt: at(0),
      announced: false,
      now: at(100),
      ...more,
    });
  };
  const inside = { version: 1, inside: true, at: at(10) };

  test.each([
    ["an entry", null, [], [stay(10)], ["entered 10"]],
    ["a stay that was over when it was discovered", null, [], [stay(10, 20)], []],
    ["the exit of somebody who was in before anything was watched", null, [stay(10)], [stay(10, 20)], ["left 20"]],
    ["an entry whose time moves back", inside, [stay(10)], [stay(5)], []],
    ["an entry whose time moves on", inside, [stay(10)], [stay(15)], []],
    ["an entry that never was", inside, [stay(10)], [], ["left 100"]],
    ["one that never was and is there again", { ...inside, inside: false }, [], [stay(10)], []],
    ["an exit that was none", { ...inside, inside: false, at: at(20) }, [stay(10, 20)], [stay(10)], []],
    [
      "out and in again while the worker was down",
      inside,
      [stay(10)],
      [stay(10, 20), stay(30)],
      ["left 20", "entered 30"],
    ],
  ])("%s", (_name, standing, before, after, expected) => {
    expect(decide(standing, before, after).due.map((one) => `${one.change} ${one.at.getTime() / 60_000}`)).toEqual(
      expected,
    );
  });

  test.each([
    ["who comes in", null, [], [stay(10)], ["entered 100 rule"]],
    ["who goes out", null, [stay(10)], [stay(10, 20)], ["left 100 rule"]],
    ["who goes out and was told to be in", inside, [stay(10)], [], ["left 100 rule"]],
    ["who goes out and was told to be out", { ...inside, inside: false }, [stay(10)], [], []],
    ["who comes in and was told to be in", inside, [], [stay(10)], []],
    ["who stays", inside, [stay(10)], [stay(5)], []],
    ["who was decided under it already", { ...inside, version: 2 }, [], [stay(10)], []],
  ])("under a new version that is announced, %s", (_name, standing, before, after, expected) => {
    const { due } = decide(standing, before, after, { version: 2, publishedAt: at(50), announced: true });
    expect(due.map((one) => `${one.change} ${one.at.getTime() / 60_000} ${one.reason}`)).toEqual(expected);
  });

  test("under a new version nobody is announced whom the rule, not an event, puts in or out", () => {
    const published = { version: 2, publishedAt: at(50) };
    expect(decide(inside, [stay(10)], [], published).due).toEqual([]);
    expect(decide(null, [], [stay(10)], published).due).toEqual([]);
    expect(decide(null, [], [stay(60)], published).due).toEqual([
      { change: "entered", at: at(60), reason: "happened" },
    ]);
  });
});

test("nine attempts are spread over more than a day, later ones later, and a wait that was asked for is kept", () => {
  const delays = Array.from({ length: 9 }, (_, index) => retryDelay(index + 1, null, 0));
  expect(delays).toEqual([5_000, 30_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 36_000_000, null]);
  expect(retryDelay(1, 60_000, 0)).toBe(60_000);
  expect(retryDelay(1, null, 0.999_999)).toBe(6_000);
});
