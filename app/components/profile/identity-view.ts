import type { ProfileDetails } from "../../jobs/admin-reads.server.ts";
import type { Format } from "../../platform/format.ts";
import type { Identifier, IdentifierKind, IdentifierSource } from "../../profile/identity/identifiers.ts";
import { showInstant, type ShownInstant } from "../shown-instant.tsx";
import { t, tn, type Text } from "../../texts/text.ts";

export interface IdentityView {
  /** What names the person by itself. */
  strong: IdentifierView[];
  /** What came with an order or checkout of theirs, in a line a kind. */
  attached: IdentifierView[];
  /** Browsers, carts and checkouts, counted. */
  counts: string[];
  /** Other customers who are this person, by their ids. */
  joined: string[];
  /** Where they are taken apart again. */
  joinedUrl: string;
  /** Pairs to review: how many, and where. */
  likely: { text: string; url: string } | null;
}

export interface IdentifierView {
  key: string;
  label: string;
  value: string;
  /** "Customer record, 3 orders". */
  source: string;
  last: ShownInstant | null;
}

const LABELS: Record<IdentifierKind, Text> = {
  customer_id: "Shopify customer",
  email: "E-mail",
  phone: "Phone",
  external_id: "Your own id",
  client_id: "Browser",
  cart_token: "Cart",
  checkout_token: "Checkout",
};
const SOURCES: Record<IdentifierSource, Text> = {
  customer: "customer record",
  merge: "merged in Shopify",
  order: "orders",
  checkout: "checkouts",
  event: "storefront",
  api: "your systems",
};
const COUNTED: readonly [IdentifierKind, Text, Text][] = [
  ["client_id", "{count} browser", "{count} browsers"],
  ["cart_token", "{count} cart", "{count} carts"],
  ["checkout_token", "{count} checkout", "{count} checkouts"],
];

export function identityView(
  { profile: { customerId }, identifiers, members, likelyDuplicates, now }: ProfileDetails,
  format: Format,
): IdentityView {
  const shown = identifiers.filter(({ kind }) => !COUNTED.some(([counted]) => counted === kind));
  const view = (identifier: Identifier): IdentifierView => identifierView(identifier, format, now);
  return {
    strong: shown.filter(({ strong }) => strong).map(view),
    attached: shown.filter(({ strong }) => !strong).map(view),
    counts: COUNTED.flatMap(([kind, one, several]) => {
      const count = identifiers.filter((identifier) => identifier.kind === kind).length;
      return count === 0 ? [] : [tn(count, one, several, { count: format.number(count) })];
    }),
    joined: members.filter((id) => id !== customerId),
    joinedUrl: `/app/data/duplicates?view=merged&customer=${customerId}`,
    likely:
      likelyDuplicates === 0
        ? null
        : {
            text: tn(likelyDuplicates, "{count} likely duplicate to review", "{count} likely duplicates to review", {
              count: format.number(likelyDuplicates),
            }),
            url: `/app/data/duplicates?customer=${customerId}`,
          },
  };
}

function identifierView({ kind, value, verified, sources, lastAt }: Identifier, format: Format, now: Date) {
  const from = sources.map((source) => t(SOURCES[source])).join(", ");
  const text = verified ? t("Verified, {sources}", { sources: from }) : from;
  return {
    key: `${kind} ${value}`,
    label: t(LABELS[kind]),
    value,
    source: text.charAt(0).toUpperCase() + text.slice(1),
    last: lastAt && showInstant(format, lastAt, now),
  };
}
