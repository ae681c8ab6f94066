import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileRule } from "../../../app/segment/evaluation/compile.ts";
import { intervalsOf, intervalsUpTo, type Stretch, stretchesOf } from "../../../app/segment/evaluation/intervals.ts";
import { activityOf, applyPolicies, membershipOf, type Policy } from "../../../app/segment/evaluation/policies.ts";
import { arbitraryCase } from "../arbitrary-history.ts";
import { arbitraryRule, dictionary } from "../arbitrary-rule.ts";
import { oracleCandidates, oracleHolds } from "../oracle.ts";

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const LONG = process.env["MUSTER_LONG"] ? 100 : 1;
const TIMEOUT = LONG * 120_000;
const LENGTHS = { min: MINUTE, h: 60 * MINUTE, d: DAY, w: 7 * DAY };

/** Lives through every minute: what the policies mean, said as a door with a keeper. */
function livedThrough(
  minutes: number,
  holds: (minute: number) => boolean,
  active: (minute: number) => boolean,
  policy: Policy,
): boolean[] {
  const inMinutes = (part: Policy["stayAtLeast"]): number => (part ? (part.amount * LENGTHS[part.unit]) / MINUTE : 0);
  const inside: boolean[] = [];
  let entered: number | null = null;
  let left = -Infinity;
  let alive = -Infinity;
  for (let minute = 0; minute < minutes; minute += 1) {
    if (active(minute) || (holds(minute) && !(minute > 0 && holds(minute - 1)))) alive = minute;
    const wanted: boolean = holds(minute) && (!policy.expireAfter || minute < alive + inMinutes(policy.expireAfter));
    if (entered === null) {
      if (wanted && minute >= left + inMinutes(policy.noReentryFor)) entered = minute;
    } else if (!wanted && minute >= entered + inMinutes(policy.stayAtLeast)) {
      left = minute;
      entered = null;
    }
    inside.push(entered !== null);
  }
  return inside;
}

const minutes = (max: number) =>
  fc.option(
    fc.integer({ min: 1, max }).map((n) => ({ amount: n, unit: "min" as const })),
    { nil: undefined },
  );

describe("applyPolicies", () => {
  it(
    "lets in and out exactly whom a keeper who looks every minute would",
    () => {
      fc.assert(
        fc.property(
          fc.uniqueArray(fc.integer({ min: 0, max: 119 }), { maxLength: 8 }),
          fc.uniqueArray(fc.integer({ min: 0, max: 119 }), { maxLength: 6 }),
          fc.record({ stayAtLeast: minutes(40), expireAfter: minutes(30), noReentryFor: minutes(40) }),
          (edges, activity, policy) => {
            const ascending = edges.sort((left, right) => left - right);
            const holding: Stretch[] = [];
            for (let index = 0; index < ascending.length; index += 2) {
              holding.push({ from: (ascending[index] ?? 0) * MINUTE, to: (ascending[index + 1] ?? Infinity) * MINUTE });
            }
            const within = (stretches: readonly Stretch[], minute: number): boolean =>
              stretches.some(({ from, to }) => from <= minute * MINUTE && minute * MINUTE < to);
            const times = activity.sort((left, right) => left - right).map((minute) => minute * MINUTE);
            const stays = applyPolicies(holding, times, policy);
            const expected = livedThrough(
              240,
              (minute) => within(holding, minute),
              (minute) => times.includes(minute * MINUTE),
              policy,
            );
            expect(Array.from({ length: 240 }, (_, minute) => within(stays, minute))).toEqual(expected);
          },
        ),
        { numRuns: 3_000 * LONG },
      );
    },
    TIMEOUT,
  );
});

describe("intervalsOf", () => {
  it(
    "is the oracle's truth at every boundary, and names the next change",
    () => {
      fc.assert(
        fc.property(arbitraryRule, arbitraryCase, (rule, { shop, history, now }) => {
          const { intervals, changesAt } = intervalsOf(compileRule(rule, shop, dictionary), history, now);
          const inside = (instant: number): boolean =>
            intervals.some(
              ({ enteredAt, leftAt }) =>
                enteredAt.getTime() <= instant && (leftAt === null || instant < leftAt.getTime()),
            );
          const begin = Math.max(history.existsFrom.getTime(), now.getTime() - 90 * DAY);
          const days = Math.max(0, Math.min(90, (now.getTime() - begin) / DAY));
          const edges = intervals.flatMap(({ enteredAt, leftAt }) => [
            enteredAt.getTime(),
            leftAt?.getTime() ?? now.getTime(),
          ]);
          const instants = [...edges, ...oracleCandidates(rule.when, shop, history, begin, days), now.getTime()]
            .flatMap((instant) => [instant - 1, instant])
            .filter((instant) => instant <= now.getTime());
          expect(
            instants.filter((instant) => inside(instant) !== oracleHolds(rule.when, shop, history, instant)),
          ).toEqual([]);
          const flips =
            changesAt === null || oracleHolds(rule.when, shop, history, changesAt.getTime()) !== inside(now.getTime());
          expect(flips).toBe(true);
        }),
        { numRuns: 400 * LONG },
      );
    },
    TIMEOUT,
  );
});

describe("membershipOf", () => {
  it(
    "is the policies applied to all that the rule will ever say",
    () => {
      fc.assert(
        fc.property(arbitraryRule, arbitraryCase, (rule, { shop, history, now }) => {
          const compiled = compileRule(rule, shop, dictionary);
          const alive = { ...history, deletedAt: null };
          const holding = stretchesOf(compiled.bind(alive), alive.existsFrom.getTime(), now.getTime() + 1_000 * DAY);
          const stays = applyPolicies(holding, activityOf(alive), rule);
          expect(membershipOf(compiled, alive, now)).toEqual(intervalsUpTo(stays, now));
          const left = membershipOf(compiled, { ...alive, deletedAt: now }, now);
          expect(left.intervals.filter(({ leftAt }) => leftAt === null)).toEqual([]);
        }),
        { numRuns: 400 * LONG },
      );
    },
    TIMEOUT,
  );

  it(
    "foresees its own change: asked again at that instant, membership has changed, and not before",
    () => {
      fc.assert(
        fc.property(arbitraryRule, arbitraryCase, (rule, { shop, history, now }) => {
          const compiled = compileRule(rule, shop, dictionary);
          // Nothing new happens: what would happen after now is taken out.
          const upToNow = {
            ...history,
            deletedAt: null,
            events: Object.fromEntries(
              Object.entries(history.events).map(([kind, list]) => [kind, list.filter(({ at }) => at <= now)]),
            ),
          };
          const memberAt = (at: Date): boolean =>
            membershipOf(compiled, upToNow, at).intervals.some(({ leftAt }) => leftAt === null);
          const { changesAt } = membershipOf(compiled, upToNow, now);
          const member = memberAt(now);
          const soon = changesAt?.getTime() ?? now.getTime() + 10 * DAY;
          expect(memberAt(new Date(Math.max(now.getTime(), soon - 1)))).toBe(member);
          if (changesAt) expect(memberAt(changesAt)).toBe(!member);
        }),
        { numRuns: 400 * LONG },
      );
    },
    TIMEOUT,
  );

  it("counts what the customer did as activity, and not what was done to them", () => {
    const happened = (kind: string, at: string) => ({ [kind]: [{ at: new Date(at), properties: {} }] });
    const events = {
      ...happened("email.opened", "2026-01-02T00:00:00Z"),
      ...happened("refunds_made", "2026-01-03T00:00:00Z"),
      ...happened("orders_placed", "2026-01-01T00:00:00Z"),
    };
    const history = {
      customerId: "1",
      existsFrom: new Date(0),
      deletedAt: null,
      opening: null,
      events,
      attributes: {},
      places: [],
      memberships: {},
    };
    expect(activityOf(history).map((at) => new Date(at).toISOString().slice(0, 10))).toEqual([
      "2026-01-01",
      "2026-01-02",
    ]);
  });
});
