import type { ProfileListing } from "../../jobs/admin-reads.server.ts";
import { writeCursor } from "../../platform/cursor.ts";
import type { Format } from "../../platform/format.ts";
import type { Profile } from "../../profile/compute-profile.ts";
import { profileName } from "../profile-words.ts";
import { showInstant, type ShownInstant } from "../shown-instant.tsx";

export interface ProfilesView {
  query: string;
  rows: ProfileRowView[];
  /** Cursors for the neighbouring pages; null: there is none. */
  before: string | null;
  after: string | null;
  /** Whether the shop has any profile at all. */
  anyProfiles: boolean;
}

export interface ProfileRowView {
  id: string;
  name: string;
  /** The address, where it is not the name already. */
  contact: string | null;
  orders: string;
  spent: string;
  /** What the list is sorted by. */
  lastSeen: ShownInstant | null;
  segments: string[];
}

export function profilesView(listing: ProfileListing, query: string, format: Format): ProfilesView {
  const { profiles, more, now } = listing;
  const first = profiles[0];
  const last = profiles.at(-1);
  return {
    query,
    rows: profiles.map((profile) => rowView(profile, format, now)),
    before: more.before && first ? cursorOf(first) : null,
    after: more.after && last ? cursorOf(last) : null,
    anyProfiles: listing.anyProfiles,
  };
}

function rowView(profile: ProfileListing["profiles"][number], format: Format, now: Date): ProfileRowView {
  const name = profileName(profile);
  const contact = profile.email ?? profile.phone;
  return {
    id: profile.customerId,
    name,
    contact: contact === name ? null : contact,
    orders: format.number(profile.ordersCount),
    spent: profile.currency ? format.money(profile.grossMinor - profile.refundedMinor, profile.currency) : "\u2013",
    lastSeen: profile.lastSeenAt && showInstant(format, profile.lastSeenAt, now),
    segments: profile.segments,
  };
}

function cursorOf({ lastSeenAt, customerId }: Profile): string {
  return writeCursor({ at: lastSeenAt, key: customerId });
}
