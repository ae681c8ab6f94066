import { z } from "zod";
import type { Erased, Tombstone } from "../ingest/erased/erased.ts";
import { foldEmail, foldPhone, type Mention, mentionKey } from "../ingest/erased/mentions.ts";

/** Everything a person is known by in a shop. Addresses are folded. */
export const subjectSchema = z.object({
  customers: z.array(z.string()),
  orders: z.array(z.string()),
  emails: z.array(z.string()),
  phones: z.array(z.string()),
  /** Of carts and checkouts that are nobody else's too. */
  tokens: z.array(z.string()),
  /** Browsers that are nobody else's too. */
  clients: z.array(z.string()),
  /** The merchant's own ids, where they are nobody else's too. */
  externals: z.array(z.string()).default([]),
  /** The request named no customer: the addresses stand for the person. */
  alone: z.boolean(),
});
export type Subject = z.infer<typeof subjectSchema>;

export type KnownBy = { kind: Exclude<Mention["kind"], "number">; value: string; alone: boolean };

/** What deliveries can mention of the person. */
export function knownBy({ customers, orders, emails, phones, tokens, clients, externals, alone }: Subject): KnownBy[] {
  const each = (kind: KnownBy["kind"], values: readonly string[]): KnownBy[] =>
    values.map((value) => ({ kind, value, alone: alone && (kind === "email" || kind === "phone") }));
  return [
    ...each("customer", customers),
    ...each("order", orders),
    ...each("email", emails.map(foldEmail)),
    ...each("phone", phones.map(foldPhone)),
    // A browser's id is a token too: it says who somebody is as long as nobody new uses it.
    ...each("token", [...tokens, ...clients]),
    ...each("external", externals),
  ];
}

/** The person as somebody erased at an instant, to compare deliveries with. */
export function asErased(subject: Subject, erasedAt: Date): Erased {
  return new Map<string, Tombstone>(
    knownBy(subject).map(({ kind, value, alone }) => [mentionKey({ kind, value }), { alone, erasedAt }]),
  );
}

/** The texts one of which stands in every delivery that mentions the person, in lower case: a coarse sieve before the exact one. */
export function needlesOf(subject: Subject): string[] {
  const plain = knownBy(subject)
    .filter(({ kind }) => kind !== "external")
    .map(({ value }) => value.toLowerCase());
  return [...new Set([...plain, ...plain.map(inAscii)])];
}

/** As JSON may write it. */
function inAscii(text: string): string {
  return text.replace(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
