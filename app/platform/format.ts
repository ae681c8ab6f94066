import { languageOf, t } from "../texts/text.ts";
import { toDecimal } from "./money.ts";

/**
 * Figures, money and instants as people read them. Formatting happens on the server only: browsers bring other versions of the
 * locale data, and a page that differs by one kind of space from what the server sent is thrown away and drawn again.
 */
export interface Format {
  number(value: number): string;
  /** A number with every digit it has. */
  exact(value: number): string;
  /** @param points 12.34 is "12.3%" */
  percent(points: number): string;
  /** @param minor minor units of `currency` */
  money(minor: bigint, currency: string): string;
  /** A length of time in milliseconds, to three digits below two minutes and in whole units above. */
  duration(milliseconds: number): string;
  /** Date and time to the minute. */
  instant(at: Date): string;
  /** Time of day to the second. */
  clockTime(at: Date): string;
  /** Time of day to the minute. */
  time(at: Date): string;
  /** The calendar day with its weekday. */
  day(at: Date): string;
  /** The calendar day as it fits below a chart. */
  shortDay(at: Date): string;
  /** What a country is called; as it is given where that is no code of one (ISO 3166). */
  country(code: string): string;
  /** What a language is called; as it is given where that is no tag of one (BCP 47). */
  language(tag: string): string;
  /** "3 days ago", "in 2 hours". */
  relative(at: Date, now: Date): string;
}

/**
 * @param options.locale the reader's own (BCP 47). It decides how figures and money look; the words of a date are in the language of
 *   the rest of the page, in the order and with the clock of the reader's country.
 * @param options.timeZone IANA name of the zone in which days and times are told.
 */
export function createFormat({ locale, timeZone }: { locale: string; timeZone: string }): Format {
  const worded = languageOf(locale) === "en" ? englishOf(locale) : locale;
  const figures = (options: Intl.NumberFormatOptions = {}) =>
    new Intl.NumberFormat(locale, { numberingSystem: "latn", ...options });
  const dates = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(worded, { timeZone, ...options });

  const whole = figures();
  const exacts = figures({ maximumFractionDigits: 20 });
  const percents = figures({ style: "percent", maximumFractionDigits: 1 });
  const threeDigits = figures({ maximumSignificantDigits: 3 });
  const instants = dates({ dateStyle: "medium", timeStyle: "short" });
  const clockTimes = dates({ timeStyle: "medium" });
  const times = dates({ timeStyle: "short" });
  const days = dates({ dateStyle: "full" });
  const shortDays = dates({ day: "numeric", month: "short" });
  const countries = new Intl.DisplayNames(worded, { type: "region" });
  const languages = new Intl.DisplayNames(worded, { type: "language" });
  const relatives = new Intl.RelativeTimeFormat(worded, { numeric: "auto" });

  return {
    number: (value) => whole.format(value),
    exact: (value) => exacts.format(value),
    percent: (points) => percents.format(points / 100),
    money: (minor, currency) =>
      figures({ style: "currency", currency }).format(toDecimal(minor, currency) as Intl.StringNumericLiteral),
    duration(milliseconds) {
      const [unit, length] = DURATION_UNITS.find(([, , below]) => milliseconds < below) ?? [null, DAY];
      const amount = milliseconds / length;
      const shown = length > SECOND ? whole.format(Math.floor(amount)) : threeDigits.format(amount);
      return unit === null ? t("{count} days", { count: shown }) : `${shown} ${unit}`;
    },
    instant: (at) => instants.format(at),
    clockTime: (at) => clockTimes.format(at),
    time: (at) => times.format(at),
    day: (at) => days.format(at),
    shortDay: (at) => shortDays.format(at),
    country: (code) => (/^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code),
    language: (tag) => (canonical(tag) === undefined ? tag : (languages.of(tag) ?? tag)),
    relative(at, now) {
      const milliseconds = at.getTime() - now.getTime();
      const [unit, length] = RELATIVE_UNITS.find(([, least]) => Math.abs(milliseconds) >= least) ?? ["second", SECOND];
      return relatives.format(Math.trunc(milliseconds / length), unit);
    },
  };
}

/**
 * The reader's locale: in the language that Shopify names when it opens the app (`?locale=`), and of the country that the browser names
 * for it; else the browser's. https://shopify.dev/docs/apps/build/localize-your-app
 */
export function localeOf(request: Pick<Request, "url" | "headers">): string {
  const named = canonical(new URL(request.url).searchParams.get("locale") ?? "");
  const browser = readLocale(request.headers.get("Accept-Language"));
  return named === undefined || new Intl.Locale(browser).language === named ? browser : named;
}

/**
 * The reader's locale by the browser's `Accept-Language`; "en" when it names none that is known.
 * https://www.rfc-editor.org/rfc/rfc9110#field.accept-language: the order is taken as it stands, browsers send it sorted.
 */
export function readLocale(acceptLanguage: string | null): string {
  for (const entry of (acceptLanguage ?? "").slice(0, 200).split(",")) {
    const tag = entry.split(";")[0]?.trim() ?? "";
    const locale = canonical(tag);
    if (locale) return locale;
  }
  return "en";
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const RELATIVE_UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * DAY],
  ["month", 30 * DAY],
  ["day", DAY],
  ["hour", HOUR],
  ["minute", MINUTE],
];

/** Unit, its length, and below which length of time it is used; days are above. The signs are the same in every language. */
const DURATION_UNITS: readonly [string, number, number][] = [
  ["ms", 1, SECOND],
  ["s", SECOND, 2 * MINUTE],
  ["min", MINUTE, 2 * HOUR],
  ["h", HOUR, 2 * DAY],
];

function englishOf(locale: string): string {
  const region = new Intl.Locale(locale).maximize().region;
  return region ? `en-${region}` : "en";
}

function canonical(tag: string): string | undefined {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag)[0];
  } catch {
    return undefined;
  }
}
