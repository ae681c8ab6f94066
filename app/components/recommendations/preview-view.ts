import type { ListPreview } from "../../jobs/recommendation-admin.server.ts";
import type { Format } from "../../platform/format.ts";
import type { ShownProduct } from "../../recommendation/list.ts";
import type { Reason } from "../../recommendation/reason.ts";
import type { Status } from "../status-badge.tsx";
import type { PreviewView } from "./preview-card.tsx";
import { priceText } from "./recommendations-view.ts";

const TROUBLE = {
  nothing_yet: "No list was made yet. Lists come with the shop’s first orders.",
  unknown_customer: "This customer is not there any more.",
  unknown_product: "This product is not there any more.",
  unknown_shop: "Muster does not know this shop.",
};

/** @param say a reason in words */
export function previewView(found: ListPreview, format: Format, say: (reason: Reason) => string): PreviewView {
  const itemsOf = (items: readonly ShownProduct[], currency: string | null): PreviewView["items"] =>
    items.map(({ id, title, price, image, reason }) => ({
      id,
      title,
      image,
      price: priceText(price, currency, format),
      reason: say(reason),
    }));
  const shown = { status: null, trouble: null };
  switch (found.outcome) {
    case "customer": {
      const { list, arm } = found;
      const told = list.confidence === null ? null : `${format.number(Math.round(list.confidence * 100))} %`;
      return {
        ...shown,
        title: list.personal ? "A personal list" : "What is popular",
        status: statusOf(list.personal, arm === "held_out", told),
        sentence: sentenceOf(list.personal, arm === "held_out", told),
        items: itemsOf(list.items, found.currency),
      };
    }
    case "product":
      return {
        ...shown,
        title: "Beside the product",
        sentence: "The same for everybody who is not held out.",
        items: itemsOf(found.items, found.currency),
      };
    case "visitor":
      return {
        ...shown,
        title: "What is popular",
        sentence: "For a visitor of whom nothing is known, and for those held out.",
        items: itemsOf(found.items, found.currency),
      };
    default:
      return { ...shown, title: "", sentence: "", items: [], trouble: TROUBLE[found.outcome] };
  }
}

function statusOf(personal: boolean, heldOut: boolean, told: string | null): Status | null {
  if (heldOut) return { tone: "info", text: "Held out" };
  if (told === null) return null;
  return { tone: personal ? "success" : "attention", text: `${told} confidence` };
}

function sentenceOf(personal: boolean, heldOut: boolean, told: string | null): string {
  const sure = told === null ? "" : ` A personal list would beat it with ${told} probability.`;
  if (heldOut) return `This customer is held out to compare with, and sees the fallback.${sure}`;
  if (told === null) return "Nothing was learned of this customer yet.";
  return personal
    ? `It beats what is popular with ${told} probability for this kind of customer.`
    : `The personal list is not sure enough.${sure}`;
}
