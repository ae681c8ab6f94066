import type { MustersColumn } from "../../profile/profile-columns.ts";
import type { Text } from "../../texts/text.ts";

/** What Muster's columns of the list of profiles are called. */
export const COLUMN_TITLES: Record<MustersColumn, Text> = {
  email: "E-mail",
  phone: "Phone",
  consent: "E-mail consent",
  segments: "Segments",
  last_seen: "Last seen",
  first_order: "First order",
  last_order: "Last order",
  orders: "Orders",
  spent: "Spent",
  average: "Average order",
};
