import type { ShownProduct } from "./list.ts";
import { reasonText } from "./reason.ts";

/** A list as markup that needs no script: a heading, links, lazy images of a fixed size. Nothing at all for an empty list. */
export function renderList(items: readonly ShownProduct[], heading: string): string {
  if (items.length === 0) return "";
  const title = heading === "" ? "" : `<h2 class="muster-recommendations__heading">${escape(heading)}</h2>`;
  return `<section class="muster-recommendations">${title}<ul>${items.map(renderItem).join("")}</ul></section>`;
}

function renderItem({ title, url, image, price, reason }: ShownProduct): string {
  const picture = image
    ? `<img src="${escape(image)}" alt="" width="300" height="300" loading="lazy" decoding="async">`
    : "";
  const cost = price === null ? "" : `<span class="muster-recommendations__price">${escape(price)}</span>`;
  const why = `<span class="muster-recommendations__reason">${escape(reasonText(reason))}</span>`;
  return `<li><a href="${escape(url)}">${picture}<span>${escape(title)}</span></a>${cost}${why}</li>`;
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
