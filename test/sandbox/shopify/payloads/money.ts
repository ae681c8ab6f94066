/** Minor units of a two-digit currency as Shopify writes amounts: `"12.50"`. */
export function amount(minor: number): string {
  const digits = String(Math.abs(minor)).padStart(3, "0");
  return `${minor < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** The store sells in one currency, so what the buyer sees is what the shop books. */
export function moneySet(minor: number, currency: string) {
  const money = { amount: amount(minor), currency_code: currency };
  return { shop_money: money, presentment_money: money };
}

/** The tax inside a price that includes it, rounded half up. */
export function taxInside(minor: number, rate: number): number {
  return Math.floor((minor * rate) / (1 + rate) + 0.5);
}
