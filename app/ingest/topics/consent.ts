import { z } from "zod";
import type { Facts, Version } from "../facts.ts";
import { id, optionalInstant, optionalText } from "../payload.ts";

const emailConsent = z.object({
  customer_id: id,
  email_marketing_consent: z.object({
    // Nothing is taken out of it: what is left of another word must not read as a grant.
    state: z.string().regex(/^[a-z_]+$/i, "expected the state of a consent"),
    opt_in_level: optionalText,
    consent_updated_at: optionalInstant,
  }),
});

/**
 * customers_email_marketing_consent/update, the only place consent comes from since customers/* lost it (API 2025-01).
 * A change without its own time counts from the moment it was triggered.
 */
export function emailConsentChanged(payload: unknown, version: Version): Partial<Facts> {
  const { customer_id, email_marketing_consent: consent } = emailConsent.parse(payload);
  return {
    consents: [
      {
        customerId: customer_id,
        channel: "email",
        state: consent.state.toLowerCase(),
        optInLevel: consent.opt_in_level,
        consentedAt: consent.consent_updated_at,
        version: { ...version, updatedAt: consent.consent_updated_at ?? version.triggeredAt },
      },
    ],
  };
}
