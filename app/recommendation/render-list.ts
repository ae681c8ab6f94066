import { escapeHtml } from "../platform/escape-html.ts";
import type { Language } from "../texts/text.ts";
import type { ShownProduct } from "./list.ts";
import { reasonText } from "./reason.ts";

/**
 * A list as markup that needs no script: a heading, links, lazy images of a fixed size. Nothing at all for an empty list.
 * @param currency ISO 4217, of the prices
 */
export function renderList(
  items: readonly ShownProduct[],
  heading: string,
  { language, currency }: { language: Language; currency: string | null },
): string {
  if (items.length === 0) return "";
  const title = heading === "" ? "" : `<h2 class="muster-recommendations__heading">${escapeHtml(heading)}</h2>`;
  const inMoney = currency === null ? null : new Intl.NumberFormat(language, { style: "currency", currency });
  const priceOf = (price: string): string => inMoney?.format(Number(price)) ?? price;
  const entries = items.map((item) => renderItem(item, language, priceOf)).join("");
  return `<section class="muster-recommendations">${title}<ul>${entries}</ul></section>`;
}

function renderItem(
  { title, url, image, price, reason }: ShownProduct,
  language: Language,
  priceOf: (price: string) => string,
): string {
  const picture = image
    ? `<img src="${escapeHtml(image)}" alt="" width="300" height="300" loading="lazy" decoding="async">`
    : "";
  const cost = price === null ? "" : `<span class="muster-recommendations__price">${escapeHtml(priceOf(price))}</span>`;
  const why = `<span class="muster-recommendations__reason">${escapeHtml(reasonText(reason, language))}</span>`;
  return `<li><a href="${escapeHtml(url)}">${picture}<span>${escapeHtml(title)}</span></a>${cost}${why}</li>`;
}

/** What a handle may hold; everything else could be read as Liquid. */
const HANDLE = /^[\p{L}\p{M}\p{N}_-]+$/u;
/** https://shopify.dev/docs/api/liquid/objects/all_products: so many products may be looked up on a page. */
const MOST_LOOKED_UP = 20;

/**
 * A list as Liquid that Shopify renders to JSON: with price, currency, image and stock as the shopper would see them now. A
 * product that is sold out or gone by then is left out. The last entry is null, since Liquid cannot tell which comes last.
 */
export function renderLiquid(
  { items, ...about }: { items: readonly ShownProduct[]; list: string; personal: boolean; arm: string | null },
  language: Language,
): string {
  const from = language === "de" ? "Ab " : "From ";
  const entries = items.flatMap(({ id, url, reason }) => {
    const handle = url.replace(/^\/products\//, "");
    if (!HANDLE.test(handle)) return [];
    const explored = reason.kind === "new" && { explored: true };
    const fixed = liquidJson({ id, reason: reasonText(reason, language), ...explored });
    return `{% assign p = all_products["${handle}"] %}{% if p.available %}{"about":${fixed},"url":{{ p.url | json }},"title":{{ p.title | json }},"price":{% if p.price_varies %}{{ p.price | money | prepend: "${from}" | json }}{% else %}{{ p.price | money | json }}{% endif %},"vendor":{{ p.vendor | json }},"image":{% if p.featured_image %}{{ p.featured_image | image_url: width: 600 | json }}{% else %}null{% endif %},"variant":{% if p.has_only_default_variant %}{{ p.selected_or_first_available_variant.id | json }}{% else %}null{% endif %}},{% endif %}`;
  });
  return `{% layout none %}{"about":${liquidJson(about)},"items":[${entries.slice(0, MOST_LOOKED_UP).join("")}null]}`;
}

/** JSON in which nothing reads as Liquid: no two braces stand together, whatever a title says. */
function liquidJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(/"(?:[^"\\]|\\.)*"/g, (text) =>
    text.replaceAll("{", "\\u007b").replaceAll("}", "\\u007d").replaceAll("%", "\\u0025"),
  );
}
