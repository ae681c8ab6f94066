import type { ProfileDetails } from "../../jobs/admin-reads.server.ts";
import type { Format } from "../../platform/format.ts";
import { averageOrder } from "../../profile/compute-profile.ts";
import { nameWords } from "../rule/words.ts";
import { showInstant, type ShownInstant } from "../shown-instant.tsx";
import { t, tn } from "../../texts/text.ts";

/** What Muster works out of the customer's facts. */
export interface ComputedView {
  /** When all of it was worked out. */
  at: ShownInstant | null;
  traits: ComputedTraitView[];
}

export interface ComputedTraitView {
  key: string;
  label: string;
  value: string;
  /** As rules name it; null: they have no name for it. */
  name: string | null;
  /** From what it was worked out. */
  source: string;
}

export function computedView(
  { profile, opening, computedAt, now }: Pick<ProfileDetails, "profile" | "opening" | "computedAt" | "now">,
  format: Format,
): ComputedView {
  const { currency, ordersCount, grossMinor, refundedMinor, firstOrderAt, lastOrderAt, lastSeenAt } = profile;
  const average = averageOrder(profile);
  const money = (minor: bigint | null): string =>
    currency && minor !== null ? format.money(minor, currency) : "\u2013";
  const instant = (at: Date | null): string => (at ? format.instant(at) : t("Never"));
  const held = ordersCount - (opening?.orders ?? 0);
  const counted = tn(held, "from {count} order", "from {count} orders", { count: format.number(held) });
  const named = (name: string, value: string, source: string): ComputedTraitView => {
    return { key: name, label: nameWords(name), value, name, source };
  };
  return {
    at: computedAt && showInstant(format, computedAt, now),
    traits: [
      named(
        "number_of_orders",
        format.number(ordersCount),
        opening
          ? t("{held}, and {earlier} from before Muster, as Shopify tells", {
              held: counted,
              earlier: format.number(opening.orders),
            })
          : counted,
      ),
      named(
        "amount_spent",
        money(grossMinor - refundedMinor),
        opening
          ? t("{held} less refunds, and {earlier} from before Muster, as Shopify tells", {
              held: counted,
              earlier: money(opening.spentMinor),
            })
          : t("{held} less refunds", { held: counted }),
      ),
      {
        key: "average",
        label: t("Average order"),
        value: money(average),
        name: null,
        source: t("amounts before refunds over the number of orders"),
      },
      named(
        "first_order_date",
        instant(firstOrderAt),
        opening ? t("the first order that is held; earlier ones have no date") : t("the first order that counts"),
      ),
      named(
        "last_order_date",
        instant(lastOrderAt),
        held === 0 && opening ? t("as Shopify told when Muster was installed") : t("the last order that counts"),
      ),
      named("traits.last_seen_date", instant(lastSeenAt), t("the last order, cart, checkout or visit")),
    ],
  };
}
