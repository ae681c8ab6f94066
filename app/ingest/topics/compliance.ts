import { z } from "zod";
import type { Facts, PrivacyRequestFact } from "../facts.ts";
import { id, optionalId, optionalText } from "../payload.ts";

/** What of a request cannot be read must not keep the rest of it from being done. */
const orderIds = z
  .array(id.nullable().catch(null))
  .nullish()
  .catch(null)
  .transform((ids) => (ids ?? []).filter((given) => given !== null));
const aboutCustomer = z.object({
  customer: z
    .object({ id: optionalId.catch(null), email: optionalText.catch(null), phone: optionalText.catch(null) })
    .nullish(),
  orders_requested: orderIds,
  orders_to_redact: orderIds,
});

/** customers/data_request */
export function dataRequested(payload: unknown): Partial<Facts> {
  return { privacyRequests: [requestOf("data_request", payload)] };
}

/** customers/redact */
export function customerRedacted(payload: unknown): Partial<Facts> {
  return { privacyRequests: [requestOf("customer_redact", payload)] };
}

/** shop/redact, 48 hours after the app was removed */
export function shopRedacted(): Partial<Facts> {
  return { privacyRequests: [{ kind: "shop_redact", customerId: null, email: null, phone: null, orderIds: [] }] };
}

function requestOf(kind: PrivacyRequestFact["kind"], payload: unknown): PrivacyRequestFact {
  const { customer, orders_requested, orders_to_redact } = aboutCustomer.parse(payload);
  const request = {
    kind,
    customerId: customer?.id ?? null,
    email: customer?.email ?? null,
    phone: customer?.phone ?? null,
    orderIds: [...orders_requested, ...orders_to_redact],
  };
  if (request.customerId === null && request.email === null && request.phone === null) {
    throw new TypeError("customer: expected an id, an e-mail address or a telephone number");
  }
  return request;
}
