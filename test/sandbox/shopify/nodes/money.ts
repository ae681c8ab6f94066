import { amount } from "../payloads/money.ts";

/** The type MoneyBag; the Admin API leaves out zeros that say nothing. */
export function moneyBag(minor: number, currency: string) {
  const money = moneyOf(minor, currency);
  return { shopMoney: money, presentmentMoney: money };
}

/** The type MoneyV2. */
export function moneyOf(minor: number, currency: string) {
  return { amount: amount(minor).replace(/0$/, ""), currencyCode: currency };
}

/** The Admin API gives instants in UTC and whole seconds. */
export function graphqlTime(at: Date): string {
  return at.toISOString().replace(".000Z", "Z");
}
