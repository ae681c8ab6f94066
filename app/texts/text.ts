import type { german } from "./german.ts";

/** The languages that pages are written in. */
export type Language = "en" | "de";

/** A text as the catalogue has it, which is as English has it: what the compiler takes is translated. */
export type Text = keyof typeof german & string;

/** In which language is spoken, by the reader's locale (BCP 47), and with which words; without words it is English. */
export interface Speech {
  locale: string;
  language: Language;
  words: Readonly<Record<string, string>> | null;
  /** What Polaris says by itself. */
  polaris: object | null;
}

export type Values = Readonly<Record<string, string | number>>;

const ENGLISH: Speech = { locale: "en", language: "en", words: null, polaris: null };
/** The pages are built apart from the process that answers for them, and both must speak alike. */
const SOURCE = Symbol.for("muster.speech");

/** From now on `source` says how to speak; on a server it is asked for each text anew. */
export function speakBy(source: () => Speech | undefined): void {
  (globalThis as Record<symbol, unknown>)[SOURCE] = source;
}

export function speech(): Speech {
  const source = (globalThis as Record<symbol, unknown>)[SOURCE] as (() => Speech | undefined) | undefined;
  return source?.() ?? ENGLISH;
}

/** The text in the reader's language, with `{name}` replaced by the value of that name. */
export function t(text: Text, values?: Values): string {
  return fill(inWords(text), values);
}

/** One text for one, another for any other count; `{count}` is the count unless `values` says how it is written. */
export function tn(count: number, one: Text, other: Text, values?: Values): string {
  return t(count === 1 ? one : other, { count, ...values });
}

/** A text that comes from elsewhere, as a stored reason: in the reader's language where the catalogue has it, else as it is. */
export function told(text: string): string {
  return inWords(text);
}

/** A text in the reader's language and the names in it, in turns: "a", name, "b" for `a{name}b`. */
export function pieces(text: Text): string[] {
  return inWords(text).split(PLACE);
}

/** The language to speak to a reader of this locale, "de-AT" or "de_AT". */
export function languageOf(locale: string): Language {
  return /^de(?![a-z0-9])/i.test(locale) ? "de" : "en";
}

const PLACE = /\{(\w+)\}/;

function inWords(text: string): string {
  return speech().words?.[text] ?? text.replace(/\|.*$/s, "");
}

function fill(text: string, values: Values = {}): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => (name in values ? String(values[name]) : place));
}
