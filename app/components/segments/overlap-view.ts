import type { Overlap } from "../../jobs/segment-overlap.server.ts";
import type { Format } from "../../platform/format.ts";
import { printText } from "../../segment/language/print-text.ts";
import type { Condition } from "../../segment/language/tree.ts";
import { speech, t, tn } from "../../texts/text.ts";
import { profilesUrl } from "../profiles/profiles-url.ts";
import { type Circle, drawSets } from "./circles.ts";

export interface OverlapView {
  choices: { id: number; name: string }[];
  chosen: number[];
  sets: SetView[];
  /** Every combination, those with most customers first. */
  regions: RegionView[];
  picture: Picture | null;
  /** That the circles are not quite as the numbers are; null: they are. */
  caveat: string | null;
  /** How many customers are in none of them. */
  outside: string;
}

export interface SetView {
  id: number;
  letter: string;
  name: string;
  members: string;
  /** Which share of its members is in another of them too; null: it has none. */
  shared: string | null;
}

export interface RegionView {
  /** The segments whose members these are, by their place. */
  inside: boolean[];
  words: string;
  customers: string;
  /** Of those who are in any of them. */
  share: string;
  /** The length of its bar, in percent. */
  length: number;
  url: string;
}

export interface Picture {
  width: number;
  height: number;
  circles: (Circle & { letter: string; place: number; at: { x: number; y: number } })[];
  labels: { x: number; y: number; text: string; words: string; url: string }[];
  /** The picture in words. */
  words: string;
}

const LETTERS = ["A", "B", "C"];
/** Half the height of a written number, in units of the picture. */
const ROOM_TO_WRITE = 12;
/** More than this share in another region than it ought to be can be seen. */
const SEEN_ERROR = 0.02;

export function overlapView({ segments, chosen, regions, profiles }: Overlap, format: Format): OverlapView {
  const compared = chosen.flatMap((id) => segments.find((segment) => segment.id === id) ?? []);
  const count = (mask: number): number => regions.get(mask) ?? 0;
  const masks = Array.from({ length: (1 << compared.length) - 1 }, (_, index) => index + 1);
  const sum = (of: readonly number[]): number => of.reduce((total, mask) => total + count(mask), 0);
  const any = sum(masks);
  const most = Math.max(1, ...masks.map(count));
  const rows = masks
    .toSorted((a, b) => count(b) - count(a) || a - b)
    .map((mask) => ({
      mask,
      inside: compared.map((_, place) => isIn(mask, place)),
      words: regionWords(compared, mask),
      customers: format.number(count(mask)),
      share: any === 0 ? "" : percent(count(mask) / any, format),
      length: Math.round((1_000 * count(mask)) / most) / 10,
      url: profilesUrl({ query: "", rule: ruleOf(compared, mask) }),
    }));
  const sets = compared.map(({ id, name }, place) => {
    const own = masks.filter((mask) => isIn(mask, place));
    const members = sum(own);
    const shared = members - count(1 << place);
    return {
      id,
      letter: LETTERS[place] ?? "",
      name,
      members: tn(members, "{count} member", "{count} members", { count: format.number(members) }),
      shared:
        members === 0 ? null : t("{share} of them in another one too", { share: percent(shared / members, format) }),
    };
  });
  const drawing = drawSets(compared.length, regions);
  const told = rows.map((row) => `${row.words}: ${row.customers}`).join("; ");
  return {
    choices: segments.map(({ id, name }) => ({ id, name })),
    chosen,
    sets,
    regions: rows.map(({ inside, words, customers, share, length, url }) => ({
      inside,
      words,
      customers,
      share,
      length,
      url,
    })),
    caveat:
      drawing && drawing.error > SEEN_ERROR
        ? t("Circles cannot show these numbers quite as they are; the bars do.")
        : null,
    outside: tn(
      Math.max(0, profiles - any),
      "{count} customer is in none of them.",
      "{count} customers are in none of them.",
      {
        count: format.number(Math.max(0, profiles - any)),
      },
    ),
    picture: drawing && {
      width: drawing.width,
      height: drawing.height,
      words: told,
      circles: drawing.circles.flatMap((circle, place) =>
        circle ? [{ ...circle, place, letter: LETTERS[place] ?? "", at: letterSpot(circle, drawing.circles) }] : [],
      ),
      labels: rows.flatMap((row) => {
        const spot = drawing.spots.get(row.mask);
        if (!spot || spot.room < ROOM_TO_WRITE || count(row.mask) === 0) return [];
        return [{ x: spot.x, y: spot.y, text: row.customers, words: `${row.words}: ${row.customers}`, url: row.url }];
      }),
    },
  };
}

function isIn(mask: number, place: number): boolean {
  return (mask & (1 << place)) !== 0;
}

function percent(share: number, format: Format): string {
  return format.percent(share * 100);
}

/** "In Loyal and VIP, not in Lapsed" */
function regionWords(compared: readonly { name: string }[], mask: number): string {
  const names = (inside: boolean): string[] =>
    compared.flatMap(({ name }, place) => (isIn(mask, place) === inside ? [name] : []));
  const list = (of: string[], type: "conjunction" | "disjunction"): string =>
    new Intl.ListFormat(speech().language, { type }).format(of);
  const [inside, outside] = [names(true), names(false)];
  const values = { inside: list(inside, "conjunction"), outside: list(outside, "disjunction") };
  return outside.length === 0 ? t("In {inside}", values) : t("In {inside}, not in {outside}", values);
}

/** Whom the list of customers has to show. */
function ruleOf(compared: readonly { key: string }[], mask: number): string {
  const of = compared.map(({ key }, place): Condition => ({
    kind: "attribute",
    name: "segments",
    test: { op: isIn(mask, place) ? "contains" : "not_contains", value: { kind: "text", value: key } },
  }));
  return printText({ when: { kind: "all", of } });
}

/** Within the circle at its edge, away from the middle of all. */
function letterSpot({ x, y, r }: Circle, circles: readonly (Circle | null)[]): { x: number; y: number } {
  const others = circles.flatMap((circle) => (circle && (circle.x !== x || circle.y !== y) ? [circle] : []));
  const away = others.reduce((sum, one) => ({ x: sum.x + x - one.x, y: sum.y + y - one.y }), { x: 0, y: 0 });
  const length = Math.hypot(away.x, away.y);
  const [dx, dy] = length === 0 ? [0, -1] : [away.x / length, away.y / length];
  const reach = Math.max(0, r - 16);
  return { x: Math.round(x + dx * reach), y: Math.round(y + dy * reach) };
}
