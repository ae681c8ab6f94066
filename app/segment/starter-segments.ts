import type { Text } from "../texts/text.ts";

export interface StarterSegment {
  key: string;
  name: string;
  /** In the rule language. */
  text: string;
}

/** What the first version of a starter says of itself. */
export const STARTER_MESSAGE: Text = "Starter segment";

/** The segments every shop starts with. */
export const starterSegments: readonly StarterSegment[] = [
  { key: "loyal", name: "Loyal", text: "orders_placed MATCHES (date > -8760h, count >= 3)" },
  {
    key: "lapsed",
    name: "Lapsed",
    text: "orders_placed MATCHES () AND orders_placed NOT MATCHES (date > -2160h)",
  },
  {
    key: "big_spenders",
    name: "Big spenders",
    text: "orders_placed MATCHES (date > -720h) AND amount_spent > 500",
  },
];
