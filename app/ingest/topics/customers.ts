import { z } from "zod";
import type { AddressFact, CustomerFact, Facts, LocaleFact, Version } from "../facts.ts";
import { id, instant, optionalInstant, optionalText } from "../payload.ts";

const address = z.object({
  address1: optionalText,
  address2: optionalText,
  city: optionalText,
  zip: optionalText,
  province_code: optionalText,
  country_code: optionalText,
  default: z.boolean().nullish(),
});

/** The customer as `customers/*` sends it and as orders and checkouts embed it. */
export const customerPayload = z.object({
  id,
  email: optionalText,
  phone: optionalText,
  first_name: optionalText,
  last_name: optionalText,
  created_at: optionalInstant,
  updated_at: optionalInstant,
  verified_email: z.boolean().nullish(),
  default_address: address.nullish(),
  addresses: z.array(address).nullish(),
});

/** Nobody is found by more, and some wholesale customers have thousands. */
const MAX_ADDRESSES = 20;

const customerChange = customerPayload.extend({ updated_at: instant });
const customerDeletion = z.object({ id });

/** customers/create, customers/update */
export function customerChanged(payload: unknown, version: Version): Partial<Facts> {
  const given = customerChange.parse(payload);
  const customer = toCustomerFact(given, version);
  const { id: customerId, addresses, version: own } = customer;
  return { customers: [customer], customerAddresses: given.addresses ? [{ customerId, addresses, version: own }] : [] };
}

/** customers/delete: the body has no time, so the delivery's trigger stands for it. */
export function customerDeleted(payload: unknown, version: Version): Partial<Facts> {
  return { deletedCustomers: [{ id: customerDeletion.parse(payload).id, at: version.triggeredAt }] };
}

/** An embedded customer without a time of change loses against every delivery about the customer itself. */
export function toCustomerFact(payload: z.infer<typeof customerPayload>, version: Version): CustomerFact {
  return {
    id: payload.id,
    email: payload.email,
    phone: payload.phone,
    firstName: payload.first_name,
    lastName: payload.last_name,
    country: payload.default_address?.country_code ?? null,
    addresses: toAddresses(payload),
    emailVerified: payload.verified_email ?? null,
    createdAt: payload.created_at,
    version: { ...version, updatedAt: payload.updated_at ?? new Date(0) },
  };
}

/** Customers' own deliveries do not tell their language; orders and checkouts tell in which one was shopped. */
export function toLocaleFacts(customerId: string | null, locale: string | null, version: Version): LocaleFact[] {
  return customerId === null || locale === null ? [] : [{ customerId, locale, version }];
}

/** The default address first, each once. */
function toAddresses({ default_address, addresses }: z.infer<typeof customerPayload>): AddressFact[] {
  const all = [...(default_address ? [default_address] : []), ...(addresses ?? []).filter((given) => !given.default)];
  const facts = all.map((given) => ({
    line1: given.address1,
    line2: given.address2,
    city: given.city,
    zip: given.zip,
    region: given.country_code && given.province_code ? `${given.country_code}-${given.province_code}` : null,
    country: given.country_code,
  }));
  return facts.filter((fact) => Object.values(fact).some((value) => value !== null)).slice(0, MAX_ADDRESSES);
}
