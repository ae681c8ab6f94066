import pg from "pg";

type Read<Value> = (text: string) => Value;

const { TIMESTAMPTZ } = pg.types.builtins;
const TIMESTAMPTZ_ARRAY: number = 1185;
const INT4_ARRAY: number = 1007;
/** `pg` names the single types alone. */
type Oid = typeof TIMESTAMPTZ;
const readAny: Read<Date> = pg.types.getTypeParser(TIMESTAMPTZ, "text");
const readAnyArray: Read<Date[]> = pg.types.getTypeParser(TIMESTAMPTZ_ARRAY as Oid, "text");
const readAnyIntegers: Read<number[]> = pg.types.getTypeParser(INT4_ARRAY as Oid, "text");

/**
 * How a connection reads what the database sends: as `pg` does it, but what nearly every row has, instants in UTC and in this age and
 * lists of them or of whole numbers, without its regular expressions and its walk from sign to sign, which cost more than the rest of a row.
 */
export function rowTypes(): pg.TypeOverrides {
  const types = new pg.TypeOverrides();
  types.setTypeParser(TIMESTAMPTZ, (text) => readUtc(text) ?? readAny(text));
  types.setTypeParser(TIMESTAMPTZ_ARRAY, (text) => readUtcArray(text) ?? readAnyArray(text));
  types.setTypeParser(INT4_ARRAY, (text) =>
    INTEGERS.test(text) ? text.slice(1, -1).split(",").map(Number) : readAnyIntegers(text),
  );
  return types;
}

const INTEGERS = /^\{[-\d,]+\}$/;

/** Of {"…","…"}; null when anything in it is otherwise. */
function readUtcArray(text: string): Date[] | null {
  if (!text.startsWith('{"') || !text.endsWith('"}')) return null;
  const dates: Date[] = [];
  for (const part of text.slice(2, -2).split('","')) {
    const date = readUtc(part);
    if (!date) return null;
    dates.push(date);
  }
  return dates;
}

/** Of "2026-01-31 16:00:00+00", with up to six digits of a second; null when it is anything else. */
function readUtc(text: string): Date | null {
  const end = text.length - 3;
  const isUtc =
    end >= 19 &&
    end <= 26 &&
    text.endsWith("+00") &&
    text[4] === "-" &&
    text[7] === "-" &&
    text[10] === " " &&
    text[13] === ":" &&
    text[16] === ":";
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  // Date.UTC takes a year below 100 for one of the last century.
  if (!isUtc || !(year >= 100)) return null;
  let milliseconds = 0;
  for (let at = 20, unit = 100; at < 23 && at < end; at += 1, unit /= 10) {
    milliseconds += (text.charCodeAt(at) - ZERO) * unit;
  }
  const [month, day] = [twoDigits(text, 5) - 1, twoDigits(text, 8)];
  return new Date(
    Date.UTC(year, month, day, twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17), milliseconds),
  );
}

const ZERO = 48;

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
}
