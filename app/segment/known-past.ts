import { z } from "zod";
import { readsOf } from "./evaluation/reads.ts";
import { type Dictionary, findProperty, type Past } from "./language/dictionary.ts";
import type { Rule } from "./language/tree.ts";

const names = z.array(z.object({ name: z.string(), event: z.string().optional() }));

/** What rules ask for and Muster holds no whole history of, by the names of the language. */
export const knownPastSchema = z.object({
  /** Read for every instant as it is now; a property with the event it stands in. */
  held: names,
  /** Read as it is now from its last change on; before it, as missing. */
  sinceChange: names,
  /** Of each of its values the last change is known: before it, what was put is missing and what was taken away is there. */
  sinceChangeOfEach: names,
  /** Events of which the latest of each cart, or of each channel, is known alone. */
  latest: names,
  /** Whether orders are read, which count as they are now: edited as they stand, cancelled not at all. */
  amended: z.boolean(),
});
export type KnownPast = z.infer<typeof knownPastSchema>;
export type PastName = KnownPast["held"][number];

/**
 * What a run of these rules over the past cannot know as it was then, which the dictionary declares of each of its words.
 * @param rules with those of the segments that they ask for, whose members follow from what those read
 */
export function knownPast(rules: readonly Rule[], dictionary: Dictionary): KnownPast {
  const reads = rules.map((rule) => readsOf(rule, dictionary));
  const attributes = new Set(reads.flatMap((read) => [...read.attributes]));
  const events = [...new Set(reads.flatMap((read) => [...read.events.keys()]))].flatMap(
    (name) => dictionary.event(name) ?? [],
  );
  const withPast = (past: Past): PastName[] =>
    [...attributes].flatMap((name) => (dictionary.attribute(name)?.past === past ? { name } : []));
  const properties = events.flatMap((event) => {
    const names = new Set(reads.flatMap((read) => [...(read.events.get(event.name) ?? [])]));
    return [...names].flatMap((name) =>
      findProperty(event, name)?.past === "present" ? { event: event.name, name } : [],
    );
  });
  return {
    held: [...withPast("present"), ...properties],
    sinceChange: withPast("last_change"),
    sinceChangeOfEach: withPast("last_change_each"),
    latest: events.flatMap(({ name, past }) => (past === "latest" ? { name } : [])),
    amended: events.some(({ past }) => past === "as_amended"),
  };
}
