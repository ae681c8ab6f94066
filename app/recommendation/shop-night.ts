import { calendarOf, formatDay } from "../segment/language/calendar.ts";
import type { ShopId } from "../shopify/shop-id.ts";

const HOUR = 3;
/** Shops of one time zone do not all begin at once. */
const SPREAD_S = 7_200;

/**
 * The last time it was night at the shop, at or before an instant: each shop has a moment of its own between three and five o'clock by
 * its own clocks.
 */
export function lastNight(now: Date, timeZone: string, shop: ShopId): Date {
  const calendar = calendarOf(timeZone);
  // Neighbouring ids are far apart (Knuth's multiplicative hash).
  const moment = HOUR * 3_600 + ((Math.imul(shop, 0x9e3779b1) >>> 0) % SPREAD_S);
  const clock = new Date(moment * 1_000).toISOString().slice(11, 19);
  const nightOf = (day: number): number => calendar.instantOf(`${formatDay(day)}T${clock}`);
  const today = calendar.dayOf(now.getTime());
  const night = nightOf(today);
  return new Date(night <= now.getTime() ? night : nightOf(today - 1));
}
