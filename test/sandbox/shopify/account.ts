import { customerDeletedPayload, customerPayload, emailConsentPayload } from "./payloads/customer.ts";
import type { ConsentFacts, CustomerFacts } from "./shop-facts.ts";
import type { Shopper } from "./shopper.ts";
import { DAY } from "./store.ts";
import type { Store } from "./store.ts";

/** Creates the customer record and says what was agreed about e-mail; later mailbox and mind may change. */
export function openAccount(store: Store, shopper: Shopper, event: string, subscribes: boolean): CustomerFacts {
  const { person, random } = shopper;
  const at = store.now();
  const byPhone = shopper.account === "phone";
  const customer: CustomerFacts = {
    id: store.nextId("customer"),
    email: byPhone ? null : person.email,
    phone: byPhone || random.chance(0.35) ? person.phone : null,
    firstName: person.firstName,
    lastName: person.lastName,
    address: person.address,
    createdAt: at,
    updatedAt: at,
  };
  shopper.customer = customer;
  store.post("customers/create", event, () => customerPayload(store.settings, customer));
  if (customer.email !== null) {
    decide(store, shopper, event, subscribes ? "subscribed" : "not_subscribed");
    store.later(random.exponential(900 * DAY), () => changeMailbox(store, shopper));
  }
  return customer;
}

/** Deletes a customer who never ordered; Shopify refuses to delete any other. */
export function deleteAccount(store: Store, shopper: Shopper): void {
  const { customer } = shopper;
  if (!customer) return;
  shopper.customer = null;
  store.post("customers/delete", `${shopper.name}/deleted`, () => customerDeletedPayload(customer));
}

function decide(store: Store, shopper: Shopper, event: string, state: ConsentFacts["state"]): void {
  if (!shopper.customer) return;
  shopper.consent = { state, updatedAt: store.now() };
  announceConsent(store, shopper, event);
  const next = state === "subscribed" ? "unsubscribed" : "subscribed";
  store.later(shopper.random.exponential(650 * DAY), () =>
    decide(store, shopper, `${shopper.name}/${next} ${store.simulated()}`, next),
  );
}

function announceConsent(store: Store, shopper: Shopper, event: string): void {
  const { customer, consent } = shopper;
  if (!customer || !consent) return;
  store.post("customers_email_marketing_consent/update", event, () =>
    emailConsentPayload(store.settings, customer, consent),
  );
}

/**
 * Shopify does not say whether consent is announced again for the new address when a mailbox changes. Here it happens
 * half the time, with the old date: a receiver has to cope with both.
 */
function changeMailbox(store: Store, shopper: Shopper): void {
  if (!shopper.customer) return;
  const event = `${shopper.name}/mailbox ${store.simulated()}`;
  const email = `neu.${shopper.person.email}`;
  const customer = { ...shopper.customer, email, updatedAt: store.now() };
  shopper.person = { ...shopper.person, email };
  shopper.customer = customer;
  store.post("customers/update", event, () => customerPayload(store.settings, customer));
  if (shopper.random.chance(0.5)) announceConsent(store, shopper, event);
}
