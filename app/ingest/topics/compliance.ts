import { z } from "zod";
import type { Facts } from "../facts.ts";
import { optionalId } from "../payload.ts";

const aboutCustomer = z.object({ customer: z.object({ id: optionalId }).nullish() });

/** customers/data_request */
export function dataRequested(payload: unknown): Partial<Facts> {
  return { privacyRequests: [{ kind: "data_request", customerId: customerOf(payload) }] };
}

/** customers/redact */
export function customerRedacted(payload: unknown): Partial<Facts> {
  return { privacyRequests: [{ kind: "customer_redact", customerId: customerOf(payload) }] };
}

/** shop/redact, 48 hours after the app was removed */
export function shopRedacted(): Partial<Facts> {
  return { privacyRequests: [{ kind: "shop_redact", customerId: null }] };
}

function customerOf(payload: unknown): string | null {
  return aboutCustomer.parse(payload).customer?.id ?? null;
}
