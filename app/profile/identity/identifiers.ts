import { normaliseEmail } from "./normalise-email.ts";
import { normalisePhone } from "./normalise-phone.ts";

export type IdentifierKind =
  "customer_id" | "email" | "phone" | "external_id" | "client_id" | "cart_token" | "checkout_token";

/** Where an identifier was told: by facts that Shopify signed, or by the merchant's own systems. */
export type IdentifierSource = "customer" | "merge" | "order" | "checkout" | "event" | "api";

/** One place in which an identifier of a customer stands. */
export interface IdentifierMention {
  kind: IdentifierKind;
  value: string;
  source: IdentifierSource;
  /** How often. */
  times: number;
  firstAt: Date | null;
  lastAt: Date | null;
  /** Of an e-mail address: that the customer proved it is theirs. */
  verified: boolean;
  /** Of a telephone number: the customer's country. */
  country: string | null;
}

/** Something a person is known by. */
export interface Identifier {
  kind: IdentifierKind;
  /** Normalised; as it was written where it cannot be. */
  value: string;
  /** Strong ones name one person by themselves; the others attach to a person through a signed delivery that carries both. */
  strong: boolean;
  verified: boolean;
  sources: IdentifierSource[];
  times: number;
  firstAt: Date | null;
  lastAt: Date | null;
}

const SOURCES: readonly IdentifierSource[] = ["customer", "merge", "order", "checkout", "event", "api"];
const ORDER: readonly IdentifierKind[] = [
  "customer_id",
  "email",
  "phone",
  "external_id",
  "client_id",
  "cart_token",
  "checkout_token",
];

/**
 * Mentions made one identifier where they mean the same: addresses by their normal form, telephone numbers by E.164. By kind, and
 * within one the strong first, then the latest.
 * @param homeCountry the shop's, for numbers of customers of whom no country is known
 */
export function gatherIdentifiers(mentions: readonly IdentifierMention[], homeCountry: string | null): Identifier[] {
  const found = new Map<string, Identifier>();
  for (const mention of mentions) {
    const value = normalValue(mention, homeCountry);
    const own = mention.source === "customer" || mention.source === "merge";
    const strong =
      mention.kind === "customer_id" ||
      mention.kind === "external_id" ||
      (own && (mention.kind === "phone" || (mention.kind === "email" && mention.verified)));
    const key = `${mention.kind} ${value}`;
    const known = found.get(key);
    found.set(key, {
      kind: mention.kind,
      value,
      strong: strong || known?.strong === true,
      verified: mention.verified || known?.verified === true,
      sources: SOURCES.filter((source) => source === mention.source || known?.sources.includes(source)),
      times: mention.times + (known?.times ?? 0),
      firstAt: extreme(known?.firstAt ?? null, mention.firstAt, -1),
      lastAt: extreme(known?.lastAt ?? null, mention.lastAt, 1),
    });
  }
  return [...found.values()].sort(
    (left, right) =>
      ORDER.indexOf(left.kind) - ORDER.indexOf(right.kind) ||
      Number(right.strong) - Number(left.strong) ||
      (right.lastAt?.getTime() ?? 0) - (left.lastAt?.getTime() ?? 0) ||
      (left.value < right.value ? -1 : 1),
  );
}

function normalValue({ kind, value, country }: IdentifierMention, homeCountry: string | null): string {
  if (kind === "email") return normaliseEmail(value) ?? value.trim();
  if (kind === "phone") return normalisePhone(value, country ?? homeCountry) ?? value.trim();
  return value;
}

function extreme(left: Date | null, right: Date | null, sign: 1 | -1): Date | null {
  if (!left || !right) return left ?? right;
  return sign * (left.getTime() - right.getTime()) >= 0 ? left : right;
}
