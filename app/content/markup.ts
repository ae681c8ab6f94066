import { Drop } from "liquidjs";
import { escapeHtml } from "../platform/escape-html.ts";
import type { ContentProduct, Place } from "./content-data.ts";

/** Markup that was escaped where it was made, so that it is not escaped again. To filters and comparisons it is its text. */
export class Markup extends Drop {
  readonly html: string;

  constructor(html: string) {
    super();
    this.html = html;
  }

  override valueOf(): string {
    return this.html;
  }
}

/** Products as a list: entries like any other array's, and a ready list of them where it is written out whole. */
export class ProductList extends Array<unknown> {}

/** The ready list: no script, no style sheet; in e-mails a table, because that is what mail programs agree on. */
export function productMarkup(
  products: readonly ContentProduct[],
  place: Place,
  money: (amount: string) => string,
): string {
  if (products.length === 0) return "";
  return place === "email" ? emailTable(products, money) : storefrontList(products, money);
}

function storefrontList(products: readonly ContentProduct[], money: (amount: string) => string): string {
  const items = products.map(({ title, url, image, price }) => {
    const picture = image
      ? `<img src="${escapeHtml(image)}" alt="" width="300" height="300" loading="lazy" decoding="async">`
      : "";
    const cost = price === null ? "" : `<span class="muster-products__price">${escapeHtml(money(price))}</span>`;
    return `<li><a href="${escapeHtml(url)}">${picture}<span>${escapeHtml(title)}</span></a> ${cost}</li>`;
  });
  return `<ul class="muster-products">${items.join("")}</ul>`;
}

function emailTable(products: readonly ContentProduct[], money: (amount: string) => string): string {
  const rows = products.map(({ title, url, image, price }) => {
    const picture = image
      ? `<a href="${escapeHtml(url)}"><img src="${escapeHtml(image)}" alt="" width="96" style="display:block;border:0"></a>`
      : "";
    const cost = price === null ? "" : `<br>${escapeHtml(money(price))}`;
    return `<tr><td width="96" style="padding:8px">${picture}</td><td style="padding:8px"><a href="${escapeHtml(url)}">${escapeHtml(title)}</a>${cost}</td></tr>`;
  });
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0">${rows.join("")}</table>`;
}
