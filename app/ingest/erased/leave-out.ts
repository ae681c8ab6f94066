import type { CheckoutFact, CustomerFact, Facts, OrderFact, OrderLineFact, Version } from "../facts.ts";
import { type Erased, type Tombstone } from "./erased.ts";
import { foldEmail, foldPhone, type Mention, mentionKey } from "./mentions.ts";

/** By what the people of these facts can be known. */
export function mentionsIn(facts: Partial<Facts>): Mention[] {
  const found = new Map<string, Mention>();
  const add = (kind: Mention["kind"], value: unknown, fold = (text: string) => text): void => {
    if (typeof value !== "string" || value === "") return;
    const mention = { kind, value: fold(value) };
    found.set(mentionKey(mention), mention);
  };
  for (const [name, list] of Object.entries(facts)) {
    for (const item of list as readonly object[]) {
      const fact = item as Record<string, unknown>;
      if (name === "customers" || name === "deletedCustomers") add("customer", fact["id"]);
      if (name === "orders") add("order", fact["id"]);
      for (const customer of ["customerId", "deletedId", "keptId"]) add("customer", fact[customer]);
      add("email", fact["email"], foldEmail);
      add("phone", fact["phone"], foldPhone);
      for (const token of ["token", "cartToken", "checkoutToken"]) add("token", fact[token]);
    }
  }
  return [...found.values()];
}

/**
 * Facts without the people who were erased: their own facts are left out, and their orders arrive without anything that names
 * them, for the shop's totals. Whoever comes back as a new customer is let in.
 * @returns `anonymous`: the orders that arrive so.
 */
export function leaveOut(facts: Facts, erased: Erased): { facts: Facts; anonymous: string[] } {
  if (erased.size === 0) return { facts, anonymous: [] };
  const isErased = (customerId: unknown): boolean =>
    typeof customerId === "string" && erased.has(`customer ${customerId}`);
  const namesErased = ({ customerId, deletedId, keptId }: Record<string, unknown>): boolean =>
    [customerId, deletedId, keptId].some(isErased);
  const anonymous = facts.orders.filter((order) => erased.has(`order ${order.id}`) || isOwned(order, erased));
  const hidden = new Set(anonymous.map(({ id }) => id));
  const left = new Set(facts.customers.filter((fact) => isErasedCustomer(fact, erased)).map(({ id }) => id));
  // Whatever kind of fact there is: one that names an erased customer stays out.
  const rest = Object.fromEntries(
    Object.entries(facts).map(([name, list]) => [
      name,
      (list as readonly unknown[]).filter((fact) => name === "orders" || !namesErased(fact as Record<string, unknown>)),
    ]),
  ) as unknown as Facts;
  return {
    facts: {
      ...rest,
      privacyRequests: facts.privacyRequests,
      customers: rest.customers.filter((fact) => !isErasedCustomer(fact, erased)),
      customerAddresses: rest.customerAddresses.filter(({ customerId }) => !left.has(customerId)),
      deletedCustomers: rest.deletedCustomers.filter(({ id }) => !isErased(id)),
      // A deletion is remembered by its token, and of an erased one there is nothing left to delete.
      deletedCheckouts: rest.deletedCheckouts.filter(({ token }) => !erased.has(`token ${token}`)),
      checkouts: rest.checkouts.filter((fact) => !isOwned(fact, erased) && !isOldToken(fact, erased)),
      carts: rest.carts.filter((fact) => !isOldToken(fact, erased)),
      orders: rest.orders.map((order) => (hidden.has(order.id) ? withoutPerson(order) : order)),
    },
    anonymous: [...hidden],
  };
}

/** What of an order names its customer, or could be written by or for one: an engraving in a title, a code of one's own. */
function withoutPerson(order: OrderFact): OrderFact {
  return {
    ...order,
    customerId: null,
    name: null,
    email: null,
    phone: null,
    cartToken: null,
    checkoutToken: null,
    discountCodes: [],
    tags: [],
    lines: order.lines.map(withoutTitle),
  };
}

export function withoutTitle<Line extends OrderLineFact>(line: Line): Line {
  return { ...line, title: null };
}

function isErasedCustomer(fact: CustomerFact, erased: Erased): boolean {
  if (erased.has(`customer ${fact.id}`)) return true;
  const byAddress = [
    fact.email === null ? undefined : erased.get(`email ${foldEmail(fact.email)}`),
    fact.phone === null ? undefined : erased.get(`phone ${foldPhone(fact.phone)}`),
  ];
  return byAddress.some((tombstone) => tombstone?.alone === true && isOlder(fact.version, tombstone));
}

function isOwned(fact: OrderFact | CheckoutFact, erased: Erased): boolean {
  const { customerId, email, version } = fact;
  if (customerId !== null && erased.has(`customer ${customerId}`)) return true;
  const phone = "phone" in fact ? fact.phone : null;
  const byAddress = [
    email === null ? undefined : erased.get(`email ${foldEmail(email)}`),
    phone === null ? undefined : erased.get(`phone ${foldPhone(phone)}`),
  ];
  return byAddress.some(
    (tombstone) => tombstone && (tombstone.alone || customerId === null) && isOlder(version, tombstone),
  );
}

function isOldToken({ token, version }: { token: string; version: Version }, erased: Erased): boolean {
  const tombstone = erased.get(`token ${token}`);
  return tombstone !== undefined && isOlder(version, tombstone);
}

/** A fact without a time of its own is as old as its delivery. */
function isOlder({ updatedAt, triggeredAt }: Version, { erasedAt }: Tombstone): boolean {
  return (updatedAt.getTime() === 0 ? triggeredAt : updatedAt) <= erasedAt;
}
