import { canonicalDecimal } from "./decimal.ts";
import { Refusal, type Span } from "./diagnostics.ts";
import type { DayUnit } from "./tree.ts";
import { t } from "../../texts/text.ts";

export type Token = Span & { source: string } & (
    | { kind: "name" }
    | { kind: "text"; value: string }
    | { kind: "number"; value: string; whole: boolean }
    /** "-30d", "2h": an amount with a unit, with or without a sign. */
    | { kind: "amount"; amount: number; unit: DayUnit | "h" | "min"; signed: boolean }
    | { kind: "day"; value: string }
    | { kind: "time"; value: string }
    | { kind: "symbol" }
    /** What can be no token; told when the reader gets there, so that an earlier mistake is told first. */
    | { kind: "unreadable"; refusal: Refusal }
    | { kind: "end" }
  );

const NAME = /[A-Za-z_]\w*(?:\.(?:\$app(?::[\w-]+)?|\w[\w-]*))*/y;
const TIME = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?![\w.:-])/y;
const DAY = /\d{4}-\d{2}-\d{2}(?![\w.-])/y;
/** What was meant as a date and is none: 2026-1-5, 31/01/2026, 2026-05-30T16:00. */
const NEAR_DATE = /\d{1,4}([-/])\d{1,2}\1\d{1,4}[\w:.-]*/y;
const AGO = /(?:(7|30|90)_days|(12)_months)_ago(?!\w)/y;
const AMOUNT = /([+-]?)(\d{1,9})(min|[dwmyh])(?!\w)/y;
const NUMBER = /[+-]?\d+(?:\.\d+)?(?![\w.])/y;
const SYMBOL = /!=|<>|>=|<=|[()=<>,:%]/y;
const BLANK = /\s+/y;

/** Cuts a written rule into tokens, the last of which is the end; whatever follows an unreadable one is not looked at. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(source);
  };
  while (at < source.length) {
    const blank = take(BLANK);
    if (blank) {
      at += blank[0].length;
      continue;
    }
    const token = source[at] === "'" ? readText(source, at) : readToken(at, take);
    tokens.push(token ?? unreadable(unknownCharacter(source, at)));
    at = token && token.kind !== "unreadable" ? token.end : source.length;
  }
  tokens.push({ kind: "end", source: "", start: source.length, end: source.length });
  return tokens;
}

function readToken(start: number, take: (pattern: RegExp) => RegExpExecArray | null): Token | null {
  const spanned = (match: RegExpExecArray): Span & { source: string } => ({
    source: match[0],
    start,
    end: start + match[0].length,
  });
  const time = take(TIME);
  if (time) return { kind: "time", value: time[0], ...spanned(time) };
  const day = take(DAY);
  if (day) return { kind: "day", value: day[0], ...spanned(day) };
  const ago = take(AGO);
  if (ago) {
    const [, days, months] = ago;
    return { kind: "amount", amount: -Number(days ?? months), unit: days ? "d" : "m", signed: true, ...spanned(ago) };
  }
  const amount = take(AMOUNT);
  if (amount) {
    const [, sign, digits, unit] = amount;
    const size = Number(digits);
    return {
      kind: "amount",
      amount: sign === "-" && size > 0 ? -size : size,
      unit: unit as DayUnit | "h" | "min",
      signed: sign !== "",
      ...spanned(amount),
    };
  }
  const misfit = take(NEAR_DATE);
  if (misfit) return unreadable(neither(spanned(misfit), misfit[0]));
  const number = take(NUMBER);
  if (number) {
    const value = canonicalDecimal(number[0]);
    if (value === null)
      return unreadable(new Refusal(spanned(number), t("This number has more digits than Muster can keep.")));
    return { kind: "number", value, whole: !number[0].includes("."), ...spanned(number) };
  }
  const name = take(NAME);
  if (name) return { kind: "name", ...spanned(name) };
  const symbol = take(SYMBOL);
  return symbol && { kind: "symbol", ...spanned(symbol) };
}

/** `\'` is a quote and `\\` a backslash; any other backslash stands for itself. */
function readText(source: string, start: number): Token {
  let value = "";
  for (let at = start + 1; at < source.length; at += 1) {
    const character = source[at] ?? "";
    if (character === "'") {
      return { kind: "text", value, source: source.slice(start, at + 1), start, end: at + 1 };
    }
    if (character === "\u0000") {
      return unreadable(new Refusal({ start: at, end: at + 1 }, t("A text cannot hold the character NUL.")));
    }
    const next = source[at + 1];
    if (character === "\\" && (next === "'" || next === "\\")) {
      value += next;
      at += 1;
    } else value += character;
  }
  return unreadable(
    new Refusal({ start, end: source.length }, t("This text is never closed; expected ' at its end."), "'"),
  );
}

function unreadable(refusal: Refusal): Token {
  return { kind: "unreadable", source: "", refusal, ...refusal.span };
}

function unknownCharacter(source: string, start: number): Refusal {
  const rest = source.slice(start);
  const character = String.fromCodePoint(source.codePointAt(start) ?? 0);
  if (/^["“”‘’`]/.test(rest)) {
    return new Refusal(
      { start, end: start + 1 },
      t("Texts are written in single quotes ('), not in {character}.", { character }),
      "'",
    );
  }
  const misfit = /^[+-]?\d[\w.:-]*/.exec(rest)?.[0];
  if (misfit) {
    return neither({ start, end: start + misfit.length }, misfit);
  }
  return new Refusal({ start, end: start + character.length }, t("'{token}' is unexpected.", { token: character }));
}

function neither({ start, end }: Span, misfit: string): Refusal {
  return new Refusal(
    { start, end },
    t(
      "'{text}' is neither a number, a date (2026-01-31 or 2026-01-31T16:00:00) nor an offset such as -30d, -48h or -15min.",
      { text: misfit },
    ),
  );
}
