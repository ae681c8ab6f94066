import { z } from "zod";
import type { Facts, Version } from "../facts.ts";
import { currency, instant, label, optionalLocale, optionalText } from "../payload.ts";

/** app/uninstalled. The shop is the delivery's header: the body's domains are null. */
export function appUninstalled(_payload: unknown, version: Version): Partial<Facts> {
  return { uninstalls: [version.triggeredAt] };
}

const scopesChange = z.object({ current: z.array(label), updated_at: instant });

/** app/scopes_update: what the merchant grants from now on. */
export function scopesChanged(payload: unknown): Partial<Facts> {
  const { current, updated_at } = scopesChange.parse(payload);
  return { grantedScopes: [{ scopes: current, at: updated_at }] };
}

const shop = z.object({
  name: optionalText,
  currency: currency.nullish(),
  iana_timezone: optionalText.refine((zone) => zone === null || isTimeZone(zone), "expected a time zone"),
  country_code: optionalText.refine((code) => code === null || /^[A-Z]{2}$/.test(code), "expected a country code"),
  primary_locale: optionalLocale,
});

/** shop/update: what it is called, which clock and which currency it keeps. A body without one of these says nothing of any. */
export function shopChanged(payload: unknown, version: Version): Partial<Facts> {
  const {
    name,
    currency,
    iana_timezone: timeZone,
    country_code: country,
    primary_locale: locale,
  } = shop.parse(payload);
  if (name === null || !currency || timeZone === null) return {};
  return { shopChanges: [{ name, currency, timeZone, country, locale, at: version.triggeredAt }] };
}

function isTimeZone(name: string): boolean {
  try {
    Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
