import type { ShopSettings } from "../../jobs/admin-reads.server.ts";
import type { Format } from "../../platform/format.ts";
import { KEPT_KINDS } from "../../privacy/retention.ts";
import { t, tn } from "../../texts/text.ts";
import { KEPT_NAMES, keptWords } from "./retention-words.ts";
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
  const percent = (share: number): string => format.percent(share * 100);
  return {
    shop: [
      { label: t("Shop"), value: shop.name ?? shop.domain },
      { label: t("Time zone"), value: shop.timeZone },
      { label: t("Currency"), value: shop.currency ?? t("Not known yet") },
      { label: t("Country"), value: shop.country === null ? t("Not known yet") : format.country(shop.country) },
    ],
    shopUrl: `https://${shop.domain}/admin/settings/general`,
    thresholds: [
      {
        label: t("Duplicates are merged by themselves"),
        value:
          duplicates === null
            ? t("Never: you are asked")
            : t("From {percent} probability", { percent: percent(duplicates) }),
        url: "/app/data/duplicates",
      },
      {
        label: t("A personal list is shown"),
        value: t("From {percent} confidence", { percent: percent(recommendations.threshold) }),
        url: "/app/recommendations",
      },
      {
        label: t("Held out of recommendations"),
        value: percent(recommendations.holdoutShare),
        url: "/app/recommendations",
      },
      {
        label: t("A publication asks first"),
        value: t("When more than {percent} of a segment of {count} or more would move", {
          percent: percent(publishing.share),
          count: publishing.from,
        }),
        url: null,
      },
      {
        label: t("Removals from an audience are held"),
        value: t("Set for each audience"),
        url: "/app/destinations",
      },
    ],
    privacy: privacyWords(privacy, now, format),
    retention: [
      ...KEPT_KINDS.map((kind) => ({ label: t(KEPT_NAMES[kind]), value: keptWords(found.retention[kind], format) })),
      ...found.alwaysForgotten.map(({ what, days }) => ({ label: t(what), value: keptWords(days, format) })),
    ],
    changes: found.changes.map((change) => changeView(change, now, format)),
  };
}

function privacyWords({ open, firstDueAt, done }: ShopSettings["privacy"], now: Date, format: Format): string {
  if (open === 0 && done === 0) return `${t("Nobody has asked for anything yet")}.`;
  const finished = tn(done, "{count} request was done", "{count} requests were done", { count: format.number(done) });
  if (open === 0 || firstDueAt === null) return t("{finished}; none is open.", { finished });
  const values = { count: format.number(open), when: format.relative(firstDueAt, now), finished };
  return firstDueAt < now
    ? t("{count} open, of which the first was due {when}; {finished}.", values)
    : t("{count} open, of which the first is due {when}; {finished}.", values);
}
