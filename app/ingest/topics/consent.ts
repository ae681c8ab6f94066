import { z } from "zod";
import type { ConsentFact, Facts, Version } from "../facts.ts";
import { id, optionalInstant, optionalText } from "../payload.ts";

// Nothing is taken out of it: what is left of another word must not read as a grant.
const state = z.string().regex(/^[a-z_]+$/i, "expected the state of a consent");

const emailConsent = z.object({
  customer_id: id,
  email_marketing_consent: z.object({
    state,
    opt_in_level: optionalText,
    consent_updated_at: optionalInstant,
  }),
});

const smsConsent = z.object({
  id,
  sms_marketing_consent: z
    .object({
      state: state.nullish(),
      opt_in_level: optionalText,
      consent_updated_at: optionalInstant,
      consent_collected_from: optionalText,
    })
    .nullish(),
});

const whatsAppConsent = z.object({
  customer_id: id,
  whats_app_marketing_consent: z
    .object({
      state: state.nullish(),
      opt_in_level: optionalText,
      updated_at: optionalInstant,
      collected_from: optionalText,
    })
    .nullish(),
});

/*
 * These three are the only place consent comes from since customers/* lost it (API 2025-01). A change without its own time counts
 * from the moment it was triggered.
 */

/** customers_email_marketing_consent/update */
export function emailConsentChanged(payload: unknown, version: Version): Partial<Facts> {
  const { customer_id, email_marketing_consent: consent } = emailConsent.parse(payload);
  const said = { ...consent, at: consent.consent_updated_at, from: null };
  return { consents: [toConsentFact(customer_id, "email", said, version)] };
}

/** customers_marketing_consent/update, which is about SMS. Without a state nothing was said. */
export function smsConsentChanged(payload: unknown, version: Version): Partial<Facts> {
  const { id, sms_marketing_consent: consent } = smsConsent.parse(payload);
  if (!consent?.state) return {};
  const said = {
    ...consent,
    state: consent.state,
    at: consent.consent_updated_at,
    from: consent.consent_collected_from,
  };
  return { consents: [toConsentFact(id, "sms", said, version)] };
}

/** customers_whats_app_marketing_consent/update. Without a state nothing was said. */
export function whatsAppConsentChanged(payload: unknown, version: Version): Partial<Facts> {
  const { customer_id, whats_app_marketing_consent: consent } = whatsAppConsent.parse(payload);
  if (!consent?.state) return {};
  const said = { ...consent, state: consent.state, at: consent.updated_at, from: consent.collected_from };
  return { consents: [toConsentFact(customer_id, "whatsapp", said, version)] };
}

interface Said {
  state: string;
  opt_in_level: string | null;
  at: Date | null;
  from: string | null;
}

function toConsentFact(customerId: string, channel: ConsentFact["channel"], said: Said, version: Version): ConsentFact {
  return {
    customerId,
    channel,
    state: said.state.toLowerCase(),
    optInLevel: said.opt_in_level,
    consentedAt: said.at,
    collectedFrom: said.from,
    version: { ...version, updatedAt: said.at ?? version.triggeredAt },
  };
}
