import { ABANDONED_AFTER_MS, type Column } from "../sources.ts";
import type { AttributeChange, PropertyValue } from "./customer-history.ts";

/** A value as the database gives it, as rules compare it. */
export function readColumn(column: Column, value: unknown): PropertyValue | null {
  if (value === null || value === undefined) return null;
  switch (column.kind) {
    case "whole":
      return Number.isSafeInteger(value) || (typeof value === "string" && /^-?\d{1,18}$/.test(value))
        ? BigInt(value as string)
        : null;
    case "decimal":
      return typeof value === "number" ? value : null;
    case "id":
      return String(value as string);
    case "text":
      return typeof value === "string" ? value : null;
    case "texts":
      return value as string[];
    case "json":
      return readJson(value);
  }
}

/**
 * Texts, numbers, yes and no, lists of texts; instants are written {"at": milliseconds}, days {"day": "1990-05-30"}. Anything else
 * reads as missing.
 */
export function readJson(value: unknown): PropertyValue | null {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.filter((part) => typeof part === "string");
  if (typeof value === "object" && value !== null && "at" in value && typeof value.at === "number") {
    return new Date(value.at);
  }
  if (typeof value === "object" && value !== null && "day" in value && typeof value.day === "string") {
    return { day: value.day };
  }
  return null;
}

/** Of each tag the latest word is known: one that was added was not there before, one that was removed was. */
export function tagsOverTime(words: readonly { tag: string; present: boolean; at: Date }[]): AttributeChange[] {
  const before = words.filter(({ present }) => !present).map(({ tag }) => tag);
  return overTime(words, before, (tags, { tag, present }) =>
    present ? [...tags, tag] : tags.filter((other) => other !== tag),
  );
}

export function codesOverTime(found: readonly { code: string; at: Date }[]): AttributeChange[] {
  return overTime(found, [], (codes, { code }) => [...codes, code]);
}

function overTime<Word extends { at: Date }>(
  words: readonly Word[],
  before: string[],
  apply: (list: string[], word: Word) => string[],
): AttributeChange[] {
  const changes: (AttributeChange & { value: string[] })[] = [{ since: null, value: before }];
  for (const word of [...words].sort((left, right) => left.at.getTime() - right.at.getTime())) {
    const value = apply(changes.at(-1)?.value ?? [], word);
    if (changes.at(-1)?.since?.getTime() === word.at.getTime()) changes.pop();
    changes.push({ since: word.at, value });
  }
  return changes;
}

export interface Checkout {
  startedAt: Date;
  completedAt: Date | null;
}

/** At every instant the latest checkout that is an hour old and not completed by then. */
export function abandonedDates(checkouts: readonly Checkout[]): AttributeChange[] {
  const stretches = checkouts
    .map(({ startedAt, completedAt }) => ({
      startedAt,
      from: startedAt.getTime() + ABANDONED_AFTER_MS,
      to: completedAt?.getTime() ?? Infinity,
    }))
    .filter(({ from, to }) => from < to);
  const edges = [...new Set(stretches.flatMap(({ from, to }) => [from, to]))].filter((edge) => edge !== Infinity);
  return edges
    .sort((left, right) => left - right)
    .map((edge) => ({
      since: new Date(edge),
      value: stretches
        .filter(({ from, to }) => from <= edge && edge < to)
        .reduce<Date | null>((last, { startedAt }) => (!last || startedAt > last ? startedAt : last), null),
    }));
}
