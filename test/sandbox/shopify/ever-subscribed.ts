import type { Delivery } from "./delivery.ts";

interface Body {
  id?: number;
  customer_id?: number;
  email?: string | null;
  email_address?: string | null;
  email_marketing_consent?: { state: string };
}

/** Every address, in lower case, of the customers whom these deliveries tell of as subscribed at any time. */
export function everSubscribed(deliveries: readonly Delivery[]): string[] {
  const addresses = new Map<number, Set<string>>();
  const subscribed = new Set<number>();
  for (const { topic, body } of deliveries) {
    if (!/^customers(\/(create|update)|_email_marketing_consent\/update)$/.test(topic)) continue;
    const told = JSON.parse(body()) as Body;
    const id = told.customer_id ?? told.id ?? 0;
    const email = told.email_address ?? told.email;
    if (email) addresses.set(id, (addresses.get(id) ?? new Set()).add(email.toLowerCase()));
    if (told.email_marketing_consent?.state === "subscribed") subscribed.add(id);
  }
  return [...subscribed].flatMap((id) => [...(addresses.get(id) ?? [])]);
}
