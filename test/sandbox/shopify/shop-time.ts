export type ShopZone = "UTC" | "Europe/Berlin";

/** An instant the way webhook bodies write it: whole seconds in the shop's time zone, `2021-12-31T19:00:00-05:00`. */
export function shopTime(at: Date, zone: ShopZone): string {
  const hours = offsetHours(at, zone);
  const local = new Date(at.getTime() + hours * 3_600_000);
  return `${local.toISOString().slice(0, 19)}+0${hours}:00`;
}

export function offsetHours(at: Date, zone: ShopZone): number {
  if (zone === "UTC") return 0;
  const year = at.getUTCFullYear();
  return at >= lastSunday(year, 2) && at < lastSunday(year, 9) ? 2 : 1;
}

/** European clocks change at 01:00 UTC on the last Sunday of March and of October (directive 2000/84/EC). */
function lastSunday(year: number, month: number): Date {
  const last = new Date(Date.UTC(year, month + 1, 0, 1));
  return new Date(last.getTime() - last.getUTCDay() * 86_400_000);
}
