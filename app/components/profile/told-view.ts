import type { Format } from "../../platform/format.ts";
import type { HeldMetafield, ToldTrait, ToldValue } from "../../profile/told-values-store.server.ts";
import { nameWords } from "../rule/words.ts";
import { showInstant, type ShownInstant } from "../shown-instant.tsx";
import { t } from "../../texts/text.ts";

export type ToldView = {
  /** As rules name it. */
  name: string;
  label: string;
  value: string;
  since: ShownInstant;
  source: string;
}[];

export function toldView(
  { traits, metafields }: { traits: readonly ToldTrait[]; metafields: readonly HeldMetafield[] },
  format: Format,
  now: Date,
): ToldView {
  return [
    ...traits.map(({ name, value, saidAt, confirmedAt, key }) => ({
      name: `traits.${name}`,
      label: nameWords(`traits.${name}`),
      value: toldValue(value, format),
      since: showInstant(format, saidAt, now),
      source: [
        key === null ? t("from your own systems") : t("from {key}", { key }),
        ...(confirmedAt > saidAt ? [t("said again {when}", { when: format.relative(confirmedAt, now) })] : []),
      ].join(", "),
    })),
    ...metafields.map(({ name, label, value, changedAt }) => ({
      name: `metafields.${name}`,
      label: label ?? name,
      value: toldValue(value, format),
      since: showInstant(format, changedAt, now),
      source: t("a metafield in Shopify"),
    })),
  ];
}

/** What was told, as people read it. */
export function toldValue(value: ToldValue, format: Format): string {
  if (Array.isArray(value)) return value.join(", ") || t("Nothing");
  if (typeof value === "object") {
    return "day" in value ? value.day : format.instant(new Date(value.at));
  }
  if (typeof value === "boolean") return value ? t("Yes") : t("No");
  return typeof value === "number" ? format.exact(value) : value;
}
