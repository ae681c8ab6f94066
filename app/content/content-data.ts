import { averageOrder, type Profile } from "../profile/compute-profile.ts";
import type { ToldTrait, ToldValue } from "../profile/told-values-store.server.ts";
import { toDecimal, toMinor } from "../platform/money.ts";
import type { CustomerList, ShownProduct } from "../recommendation/list.ts";
import { reasonText } from "../recommendation/reason.ts";
import { languageOf } from "../texts/text.ts";

/** Where a block stands: that decides how addresses are written and what a list of products looks like. */
export type Place = "storefront" | "email";

/** A value that is unknown is null. */
export interface ContentCustomer {
  first_name: string | null;
  last_name: string | null;
  full_name: string | null;
  email: string | null;
  phone: string | null;
  orders_count: number;
  /** Decimal, in the customer's currency. */
  total_spent: string | null;
  average_order: string | null;
  /** ISO 8601. */
  first_order_date: string | null;
  last_order_date: string | null;
  /** What the shop's own systems told, by its name; days and instants as ISO 8601. */
  traits: Record<string, string | number | boolean | string[]>;
}

export interface ContentProduct {
  id: string;
  title: string;
  url: string;
  image: string | null;
  /** Decimal, in the shop's currency. */
  price: string | null;
  reason: string;
}

/** All that a block is given: plain JSON, nothing of the app's own. */
export interface ContentData {
  customer: ContentCustomer | null;
  segments: { name: string; key: string }[];
  products: ContentProduct[];
  personal: boolean;
  /** `locale`: how amounts and dates are written, "de-AT". */
  shop: { name: string; url: string; currency: string | null; timeZone: string; locale: string };
}

export interface ContentSubject {
  /** Null: a visitor nobody knows. */
  profile: Profile | null;
  traits: readonly Pick<ToldTrait, "name" | "value">[];
  segments: readonly { name: string; key: string }[];
  list: CustomerList | null;
  /** What is popular: shown where there is no list. */
  popular: readonly ShownProduct[];
  /** What is spoken, "pt-BR"; null: what the shop speaks. Of what has no sentences here reasons are told in English. */
  locale: string | null;
}

export interface ContentShop {
  name: string | null;
  domain: string;
  currency: string | null;
  timeZone: string;
  country: string | null;
  locale: string | null;
}

/** What a block is given about a customer, or about nobody. E-mails stand outside of the shop, so their addresses are whole. */
export function contentData(subject: ContentSubject, shop: ContentShop, place: Place): ContentData {
  const { profile, traits, segments, list, popular } = subject;
  const origin = `https://${shop.domain}`;
  const spoken = subject.locale ?? shop.locale ?? "en";
  const items = list && list.items.length > 0 ? list.items : popular;
  return {
    customer: profile && customerOf(profile, traits),
    segments: segments.map(({ name, key }) => ({ name, key })),
    products: items.map(({ id, title, url, image, price, reason }) => ({
      id,
      title,
      url: place === "email" ? origin + url : url,
      image,
      price: price === null ? null : inCurrency(price, shop.currency),
      reason: reasonText(reason, languageOf(spoken)),
    })),
    personal: list !== null && list.items.length > 0 && list.personal,
    shop: {
      name: shop.name ?? shop.domain,
      url: origin,
      currency: shop.currency,
      timeZone: shop.timeZone,
      locale: writtenAs(spoken, shop.country),
    },
  };
}

/** A language without a country is written as in the shop's; one that nobody knows is English. */
function writtenAs(spoken: string, country: string | null): string {
  const tag = spoken.replaceAll("_", "-");
  const inCountry =
    /^[a-z]{2,3}$/i.test(tag) && country !== null && /^[A-Z]{2}$/.test(country) ? `${tag}-${country}` : tag;
  try {
    return Intl.NumberFormat.supportedLocalesOf(inCountry)[0] ?? "en";
  } catch {
    return "en";
  }
}

/** With as many decimals as the currency has. */
function inCurrency(price: string, currency: string | null): string {
  const minor = currency === null ? null : toMinor(price, currency);
  return minor === null || currency === null ? price : toDecimal(minor, currency);
}

function customerOf(profile: Profile, traits: ContentSubject["traits"]): ContentCustomer {
  const { firstName, lastName, ordersCount, grossMinor, refundedMinor, currency } = profile;
  const average = averageOrder(profile);
  const money = (minor: bigint): string | null => (currency === null ? null : toDecimal(minor, currency));
  return {
    first_name: firstName,
    last_name: lastName,
    full_name: [firstName, lastName].filter((part) => part).join(" ") || null,
    email: profile.email,
    phone: profile.phone,
    orders_count: ordersCount,
    total_spent: money(grossMinor - refundedMinor),
    average_order: average === null ? null : money(average),
    first_order_date: profile.firstOrderAt?.toISOString() ?? null,
    last_order_date: profile.lastOrderAt?.toISOString() ?? null,
    traits: Object.fromEntries(traits.map(({ name, value }) => [name, plain(value)])),
  };
}

function plain(value: ToldValue): string | number | boolean | string[] {
  if (typeof value !== "object" || Array.isArray(value)) return value;
  return "day" in value ? value.day : new Date(value.at).toISOString();
}
