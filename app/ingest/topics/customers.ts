import { z } from "zod";
import type { CustomerFact, Facts, Version } from "../facts.ts";
import { id, instant, optionalInstant, optionalText } from "../payload.ts";

/** The customer as `customers/*` sends it and as orders and checkouts embed it. */
export const customerPayload = z.object({
  id,
  email: optionalText,
  phone: optionalText,
  first_name: optionalText,
  last_name: optionalText,
  created_at: optionalInstant,
  updated_at: optionalInstant,
  default_address: z.object({ country_code: optionalText }).nullish(),
});

const customerChange = customerPayload.extend({ updated_at: instant });
const customerDeletion = z.object({ id });

/** customers/create, customers/update */
export function customerChanged(payload: unknown, version: Version): Partial<Facts> {
  return { customers: [toCustomerFact(customerChange.parse(payload), version)] };
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
    createdAt: payload.created_at,
    version: { ...version, updatedAt: payload.updated_at ?? new Date(0) },
  };
}
