import type { ShopSettings } from "../../jobs/admin-reads.server.ts";
import type { Format } from "../../platform/format.ts";
import { type ChangeView, changeView } from "./change-view.ts";

export interface SettingsView {
  shop: Row[];
  /** Where Shopify keeps what it says of the shop. */
  shopUrl: string;
  thresholds: (Row & { url: string | null })[];
  privacy: string;
  retention: Row[];
  changes: ChangeView[];
}

export interface Row {
  label: string;
  value: string;
}

export function settingsView(found: ShopSettings, format: Format): SettingsView {
  const { shop, thresholds, privacy, now } = found;
  const { duplicates, recommendations, publishing } = thresholds;
  const percent = (share: number): string => `${format.number(Math.round(share * 1_000) / 10)} %`;
  return {
    shop: [
      { label: "Shop", value: shop.name ?? shop.domain },
      { label: "Time zone", value: shop.timeZone },
      { label: "Currency", value: shop.currency ?? "Not known yet" },
      { label: "Country", value: shop.country ?? "Not known yet" },
    ],
    shopUrl: `https://${shop.domain}/admin/settings/general`,
    thresholds: [
      {
        label: "Duplicates are merged by themselves",
        value: duplicates === null ? "Never: you are asked" : `From ${percent(duplicates)} probability`,
        url: "/app/data/duplicates",
      },
      {
        label: "A personal list is shown",
        value: `From ${percent(recommendations.threshold)} confidence`,
        url: "/app/recommendations",
      },
      {
        label: "Held out of recommendations",
        value: percent(recommendations.holdoutShare),
        url: "/app/recommendations",
      },
      {
        label: "A publication asks first",
        value: `When more than ${percent(publishing.share)} of a segment of ${publishing.from} or more would move`,
        url: null,
      },
      {
        label: "Removals from an audience are held",
        value: "Set for each audience",
        url: "/app/destinations",
      },
    ],
    privacy: privacyWords(privacy, now, format),
    retention: found.retention.map(({ what, days }) => ({ label: what, value: `${format.number(days)} days` })),
    changes: found.changes.map((change) => changeView(change, now, format)),
  };
}

function privacyWords({ open, firstDueAt, done }: ShopSettings["privacy"], now: Date, format: Format): string {
  const finished = `${format.number(done)} ${done === 1 ? "request was" : "requests were"} done`;
  if (open === 0 || firstDueAt === null) return `${finished}; none is open.`;
  const due = firstDueAt < now ? "was due" : "is due";
  return `${format.number(open)} open, of which the first ${due} ${format.relative(firstDueAt, now)}; ${finished}.`;
}
