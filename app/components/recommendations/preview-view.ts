import type { ListPreview } from "../../jobs/recommendation-admin.server.ts";
import type { Format } from "../../platform/format.ts";
import type { ShownProduct } from "../../recommendation/list.ts";
import type { Reason } from "../../recommendation/reason.ts";
import type { Status } from "../status-badge.tsx";
import type { PreviewView } from "./shown-list.tsx";
import { priceText } from "./recommendations-view.ts";
import { t } from "../../texts/text.ts";

const TROUBLE = {
  nothing_yet: "No list was made yet. Lists come with the shop’s first orders.",
  unknown_customer: "This customer is not there any more.",
  unknown_product: "This product is not there any more.",
  unknown_shop: "Muster does not know this shop.",
} as const;

/** Nothing can be shown, and why. */
export function troubleView(trouble: string): PreviewView {
  return { title: "", status: null, sentence: "", items: [], change: null, trouble };
}

/** @param say a reason in words */
export function previewView(found: ListPreview, format: Format, say: (reason: Reason) => string): PreviewView {
  const listed = (
    items: readonly ShownProduct[],
    saved: readonly ShownProduct[] | null,
    currency: string | null,
  ): Pick<PreviewView, "items" | "change"> => {
    const before = new Set(saved?.map(({ id }) => id));
    return {
      items: items.map(({ id, title, price, image, reason }) => ({
        id,
        title,
        image,
        price: priceText(price, currency, format),
        reason: say(reason),
        isNew: saved !== null && !before.has(id),
      })),
      change: saved && changeOf(items, saved),
    };
  };
  const shown = { status: null, trouble: null };
  switch (found.outcome) {
    case "customer": {
      const { list, arm } = found;
      const confidence = list.confidence === null ? null : format.percent(Math.round(list.confidence * 100));
      return {
        ...shown,
        title: list.personal ? t("A personal list") : t("What is popular"),
        status: statusOf(list.personal, arm === "held_out", confidence),
        sentence: sentenceOf(list.personal, arm === "held_out", confidence),
        ...listed(list.items, found.saved, found.currency),
      };
    }
    case "product":
      return {
        ...shown,
        title: t("Beside the product"),
        sentence: t("The same for everybody who is not held out."),
        ...listed(found.items, found.saved, found.currency),
      };
    case "visitor":
      return {
        ...shown,
        title: t("What is popular"),
        sentence: t("For a visitor of whom nothing is known, and for those held out."),
        ...listed(found.items, found.saved, found.currency),
      };
    default:
      return troubleView(t(TROUBLE[found.outcome]));
  }
}

/** What rules that are not saved change of a list. */
function changeOf(items: readonly ShownProduct[], saved: readonly ShownProduct[]): string {
  const now = items.map(({ id }) => id);
  const gone = saved.filter(({ id }) => !now.includes(id)).map(({ title }) => title);
  if (now.length === 0) return t("With these rules no product could be shown here.");
  if (gone.length > 0) return t("Not shown any more: {products}.", { products: gone.join(", ") });
  if (now.length > saved.length) return t("More products are shown than by the saved rules.");
  const isSame = now.every((id, place) => id === saved[place]?.id);
  return isSame ? t("The same as by the saved rules.") : t("The same products in another order.");
}

function statusOf(personal: boolean, heldOut: boolean, confidence: string | null): Status | null {
  if (heldOut) return { tone: "info", text: t("Held out") };
  if (confidence === null) return null;
  return { tone: personal ? "success" : "attention", text: t("{confidence} confidence", { confidence }) };
}

function sentenceOf(personal: boolean, heldOut: boolean, confidence: string | null): string {
  const sure =
    confidence === null ? "" : t("A personal list would beat it with {confidence} probability.", { confidence });
  if (heldOut) return `${t("This customer is held out to compare with, and sees the fallback.")} ${sure}`.trim();
  if (confidence === null) return t("Nothing was learned of this customer yet.");
  return personal
    ? t("It beats what is popular with {confidence} probability for this kind of customer.", { confidence })
    : `${t("The personal list is not sure enough.")} ${sure}`;
}
