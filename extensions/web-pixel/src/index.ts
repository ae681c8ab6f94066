import { register } from "@shopify/web-pixels-extension";
import { type Consent, isAllowed } from "./consent.ts";
import { type CustomerEvent, EVENTS, seenIn } from "./message.ts";

/** Tells Muster what a visitor who allows it looks at. Shopify runs it in a worker, away from the page. */
register(({ analytics, browser, customerPrivacy, init, settings }) => {
  const { accountID, endpoint } = settings as { accountID: string; endpoint: string };
  // Shopify loads it with consent alone, but a visitor may take that back while the page stays open.
  let allowed = isAllowed(init.customerPrivacy);
  customerPrivacy.subscribe("visitorConsentCollected", (event: { customerPrivacy: Consent }) => {
    allowed = isAllowed(event.customerPrivacy);
  });
  for (const name of EVENTS) {
    analytics.subscribe(name, async (event: unknown) => {
      const seen = seenIn(event as CustomerEvent);
      if (!seen) return;
      // A cart's own event does not name the cart; what the page began with does.
      const cart = seen.cart ?? init.data.cart?.id ?? (await browser.cookie.get("cart"));
      if (!allowed) return;
      const body = JSON.stringify({ key: accountID, events: [{ ...seen, ...(cart && { cart }) }] });
      // Plain text, so that no preflight is needed; kept alive, so that it is sent while the page is left.
      await fetch(endpoint, {
        method: "POST",
        keepalive: true,
        headers: { "content-type": "text/plain" },
        body,
      }).catch(() => {});
    });
  }
});
