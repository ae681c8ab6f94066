import type { MatchingCount, ProfileListing, ReadFilter } from "../../jobs/admin-reads.server.ts";
import { writeCursor } from "../../platform/cursor.ts";
import type { Format } from "../../platform/format.ts";
import { wilson } from "../../platform/wilson.ts";
import { averageOrder, type Profile } from "../../profile/compute-profile.ts";
import { isOwnColumn, type ProfileColumn } from "../../profile/profile-columns.ts";
import type { Vocabulary } from "../../segment/language/dictionary.ts";
import { describeProblem } from "../../segment/language/diagnostics.ts";
import { toldValue } from "../profile/told-view.ts";
import { ruleWords } from "../rule/rule-words.ts";
import { nameWords } from "../rule/words.ts";
import { COLUMN_TITLES } from "./column-titles.ts";
import { consentWords, profileName } from "../profile-words.ts";
import { showInstant, type ShownInstant } from "../shown-instant.tsx";
import type { Status } from "../status-badge.tsx";
import { t, told } from "../../texts/text.ts";

export interface ProfilesView {
  query: string;
  rows: ProfileRowView[];
  columns: ColumnView[];
  /** Which columns there are to choose from besides Muster's: those of the shop's own. */
  ownColumns: ColumnView[];
  /** Cursors for the neighbouring pages; null: there is none. */
  before: string | null;
  after: string | null;
  /** Whether the shop has any profile at all. */
  anyProfiles: boolean;
  /** Null: no filter is open. */
  filter: FilterView | null;
  /** All profiles are being gone through for more rows. */
  looking: boolean;
}

export interface ColumnView {
  name: ProfileColumn;
  title: string;
  /** A figure stands at the end of its column. */
  figure: boolean;
}

export interface FilterView {
  /** As typed; empty: none was applied yet. */
  text: string;
  /** What it asks for, in words where they are few; null: nothing was applied, or it cannot be read. */
  summary: string | null;
  /** Why it cannot be read, with where that is. */
  problems: string[];
  /** What a filter leaves out, and what Muster has nothing of. */
  remarks: string[];
  vocabulary: Vocabulary;
}

export interface ProfileRowView {
  id: string;
  name: string;
  /** The address, where it is not the name already. */
  contact: string | null;
  email: string | null;
  phone: string | null;
  consent: Status;
  orders: string;
  spent: string;
  average: string;
  firstOrder: ShownInstant | null;
  lastOrder: ShownInstant | null;
  /** What the list is sorted by. */
  lastSeen: ShownInstant | null;
  segments: string[];
  /** What the columns of the shop's own show, by their names. */
  own: Record<string, string>;
}

/** @param filter what stands in the address, with the words of the shop's own that a rule may use; null: no filter is open */
export function profilesView(
  listing: ProfileListing,
  query: string,
  format: Format,
  filter: { text: string; vocabulary: Vocabulary } | null,
): ProfilesView {
  const { profiles, more, now } = listing;
  const first = profiles[0];
  const last = profiles.at(-1);
  return {
    query,
    rows: profiles.map((profile) => rowView(profile, format, now)),
    columns: listing.columns.columns.map((name) => columnView(name, listing.columns.own)),
    ownColumns: listing.columns.own.map(({ name }) => columnView(name, listing.columns.own)),
    before: more.before && first ? cursorOf(first) : null,
    after: more.after && last ? cursorOf(last) : null,
    anyProfiles: listing.anyProfiles,
    filter: filter && { ...filter, ...filterWords(listing.filter) },
    looking: listing.looking,
  };
}

const FIGURES: ReadonlySet<ProfileColumn> = new Set(["orders", "spent", "average"]);

/** A metafield goes by what the merchant calls it in Shopify. */
function columnView(name: ProfileColumn, own: ProfileListing["columns"]["own"]): ColumnView {
  if (!isOwnColumn(name)) return { name, title: t(COLUMN_TITLES[name]), figure: FIGURES.has(name) };
  const listed = own.find((column) => column.name === name);
  return { name, title: listed?.label ?? nameWords(name), figure: listed?.figure ?? false };
}

function filterWords(filter: ReadFilter | null): Pick<FilterView, "summary" | "problems" | "remarks"> {
  if (filter === null) return { summary: null, problems: [], remarks: [] };
  if (filter.outcome === "refused") {
    return { summary: null, problems: filter.problems.map(describeProblem), remarks: [] };
  }
  return {
    summary: ruleWords(filter.rule) ?? filter.text,
    problems: [],
    remarks: [
      ...(filter.policies
        ? [
            t(
              "The list shows for whom the conditions are true now; how long somebody stays in or out is left to segments.",
            ),
          ]
        : []),
      ...filter.missing.map(({ name, needs }) =>
        t("{name} needs {data}, which Muster does not have: nobody matches it.", { name, data: told(needs) }),
      ),
    ],
  };
}

function rowView(profile: ProfileListing["profiles"][number], format: Format, now: Date): ProfileRowView {
  const name = profileName(profile);
  const contact = profile.email ?? profile.phone;
  const { currency, ordersCount, grossMinor, refundedMinor } = profile;
  const average = averageOrder(profile);
  const shown = (at: Date | null): ShownInstant | null => at && showInstant(format, at, now);
  return {
    id: profile.customerId,
    name,
    contact: contact === name ? null : contact,
    email: profile.email,
    phone: profile.phone,
    consent: consentWords(profile.emailConsent),
    orders: format.number(ordersCount),
    spent: currency ? format.money(grossMinor - refundedMinor, currency) : "\u2013",
    average: currency && average !== null ? format.money(average, currency) : "\u2013",
    firstOrder: shown(profile.firstOrderAt),
    lastOrder: shown(profile.lastOrderAt),
    lastSeen: shown(profile.lastSeenAt),
    segments: profile.segments,
    own: Object.fromEntries([...profile.own].map(([column, value]) => [column, toldValue(value, format)])),
  };
}

function cursorOf({ lastSeenAt, customerId }: Profile): string {
  return writeCursor({ at: lastSeenAt, key: customerId });
}

/** How many a rule is true for, in words. `exact`: nothing more is to be found out. */
export interface CountView {
  sentence: string;
  exact: boolean;
}

export function countView(found: MatchingCount, format: Format): CountView | null {
  switch (found.outcome) {
    case "counted": {
      const { count, profiles } = found;
      const sums = { count: format.number(count), profiles: format.number(profiles) };
      return { sentence: t("{count} of {profiles} customers match.", sums), exact: true };
    }
    case "sampled": {
      const { sampled, matching, profiles } = found;
      const [low = "", high = ""] = wilson(matching, sampled).map((share) =>
        format.number(Math.round(share * profiles)),
      );
      return {
        sentence: t("Between {low} and {high} of {profiles} customers match, by a sample; all are being counted.", {
          low,
          high,
          profiles: format.number(profiles),
        }),
        exact: false,
      };
    }
    default:
      return null;
  }
}
