import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lastNight } from "../../app/recommendation/shop-night.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";

const HOUR_MS = 3_600_000;
const shopOf = (id: number) => id as ShopId;
const clockIn = (timeZone: string, at: Date): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(at);

describe("the night of a shop", () => {
  const zones = ["UTC", "Asia/Tokyo", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"];
  // A year and a half with both changes of the clocks.
  const instants = fc.date({ min: new Date("2026-01-01"), max: new Date("2027-07-01"), noInvalidDate: true });

  it("is the newest moment between three and five by its own clocks that is over, every day the same", () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, fc.integer({ min: 1, max: 5_000 }), (zone, now, id) => {
        const night = lastNight(now, zone, shopOf(id));
        expect(clockIn(zone, night) >= "03:00:00" && clockIn(zone, night) < "05:00:00").toBe(true);
        expect(night.getTime()).toBeLessThanOrEqual(now.getTime());
        expect(lastNight(night, zone, shopOf(id))).toEqual(night);
        const before = lastNight(new Date(night.getTime() - 1), zone, shopOf(id));
        expect(clockIn(zone, before)).toBe(clockIn(zone, night));
        expect(now.getTime() - before.getTime()).toBeGreaterThan(22 * HOUR_MS);
        expect((night.getTime() - before.getTime()) / HOUR_MS).toBeGreaterThanOrEqual(23);
        expect((night.getTime() - before.getTime()) / HOUR_MS).toBeLessThanOrEqual(25);
      }),
    );
  });

  it("is spread: of a thousand shops of one zone no five minutes have more than twice their part", () => {
    const now = new Date("2026-11-20T12:00:00Z");
    const perSlot = new Map<number, number>();
    for (let id = 1; id <= 1_000; id++) {
      const slot = Math.floor(lastNight(now, "Europe/Berlin", shopOf(id)).getTime() / 300_000);
      perSlot.set(slot, (perSlot.get(slot) ?? 0) + 1);
    }
    expect(perSlot.size).toBe(24);
    expect(Math.max(...perSlot.values())).toBeLessThan((2 * 1_000) / 24);
  });
});
