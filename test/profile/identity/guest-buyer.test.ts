import { describe, expect, it } from "vitest";
import { type Clue, guestBuyer } from "../../../app/profile/identity/guest-buyer.ts";
import type { Person } from "../../../app/profile/identity/person.ts";

const clue = (customerId: string, given: Partial<Clue> = {}): Clue => ({
  customerId,
  known: true,
  proves: true,
  ...given,
});
const onePerson = (...members: string[]): ReadonlyMap<string, Person> =>
  new Map(members.map((id) => [id, { head: members[0] ?? null, members, counts: [] }]));
const nobodyJoined = new Map<string, Person>();

describe("whose an order is that names no customer", () => {
  it.each<[sentence: string, clues: Clue[], persons: ReadonlyMap<string, Person>, buyer: string | null]>([
    ["nobody's without a clue", [], nobodyJoined, null],
    ["the one customer's whom its address names", [clue("7")], nobodyJoined, "7"],
    ["theirs whom address and number name alike", [clue("7"), clue("7")], nobodyJoined, "7"],
    ["nobody's where two share the address", [clue("7"), clue("8")], nobodyJoined, null],
    ["nobody's where the address names one and the checkout another", [clue("8"), clue("7")], nobodyJoined, null],
    ["one person's where the two are one", [clue("10"), clue("9")], onePerson("9", "10"), "9"],
    ["not theirs whom Shopify deleted", [clue("7", { known: false })], nobodyJoined, null],
    ["theirs who is left of two", [clue("7", { known: false }), clue("8")], nobodyJoined, "8"],
    ["nobody's where the address was never verified", [clue("7", { proves: false })], nobodyJoined, null],
    ["theirs whose unverified address a number proves", [clue("7", { proves: false }), clue("7")], nobodyJoined, "7"],
    [
      "nobody's where an unverified one has the address too",
      [clue("7"), clue("8", { proves: false })],
      nobodyJoined,
      null,
    ],
    [
      "the smaller id's of a person, past 2^53 too",
      [clue("9007199254740994"), clue("9007199254740993")],
      onePerson("9007199254740993", "9007199254740994"),
      "9007199254740993",
    ],
  ])("%s", (_sentence, clues, persons, buyer) => {
    expect(guestBuyer(clues, persons)).toBe(buyer);
  });
});
