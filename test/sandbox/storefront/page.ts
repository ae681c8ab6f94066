import { escape } from "./theme-liquid.ts";
import type { ThemeProduct } from "./shop-window.ts";

export interface Page {
  store: string;
  title: string;
  locale: string;
  /** The page's own content. */
  main: string;
  /** Blocks of apps, below it. */
  blocks: string;
  /** App embeds, before the end of the body. */
  embeds: string;
  /** What the visitor allows; the stand-in of Shopify's customer privacy API says so. */
  allows: { analytics: boolean; preferences: boolean };
  market: Market;
}

/** Where a visitor is, and what prices are there: `rate` times the shop's. */
export interface Market {
  country: string;
  currency: string;
  rate: number;
}

/** A page of a plain theme: nothing in it waits, and nothing moves. */
export function renderPage({ store, title, locale, main, blocks, embeds, allows, market }: Page): string {
  return `<!doctype html>
<html lang="${escape(locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="description" content="${escape(title)} in the sandbox store">
<title>${escape(title)} · ${escape(store)} (sandbox)</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
<script>window.Shopify={country:"${market.country}",currency:{active:"${market.currency}",rate:"${market.rate}"},customerPrivacy:{analyticsProcessingAllowed:()=>${allows.analytics},preferencesProcessingAllowed:()=>${allows.preferences}},loadFeatures:(_,done)=>done()}</script>
</head>
<body>
<header><a href="/">${escape(store)}</a><nav aria-label="Shop"><a href="/collections/all">All</a><a href="/cart">Cart</a></nav></header>
<main>
${main}
${blocks}
</main>
<footer><p>Stands in for a Shopify storefront on this machine. No real shop.</p></footer>
${embeds}
</body>
</html>`;
}

export function productMain(product: ThemeProduct, price: string): string {
  return `<div class="product">
<img src="${escape(product.featured_image)}?width=600" alt="${escape(product.title)}" width="600" height="600">
<div><p>${escape(product.vendor)}</p><h1>${escape(product.title)}</h1><p>${escape(price)}</p>
<form method="post" action="/cart/add"><input type="hidden" name="id" value="${product.selected_or_first_available_variant.id}"><button>Add to cart</button></form>
<p>A thing of the invented kitchen and coffee shop, described in a few words so that the page has some text to read.</p></div>
</div>`;
}

export function collectionMain(products: readonly ThemeProduct[]): string {
  const entries = products.map(
    ({ url, title, featured_image }) =>
      `<li><a href="${escape(url)}"><img src="${escape(featured_image)}?width=300" alt="" width="300" height="300" loading="lazy">${escape(title)}</a></li>`,
  );
  return `<h1>All products</h1><ul class="grid">${entries.join("")}</ul>`;
}

export function cartMain(items: readonly { product: ThemeProduct }[]): string {
  const entries = items.map(({ product }) => `<li><a href="${escape(product.url)}">${escape(product.title)}</a></li>`);
  return `<h1>Your cart</h1>${entries.length > 0 ? `<ul>${entries.join("")}</ul>` : "<p>It is empty.</p>"}`;
}

export const HOME_MAIN =
  "<h1>Kitchen and coffee</h1><p>Beans, tea, knives, pans and what goes with them. A plain page with little on it.</p>";

/** A picture of a product: a shade of its own and its initials. */
export function productPicture({ id, title }: ThemeProduct): string {
  const hue = (Math.floor(id / 32) * 47) % 360;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 600"><rect width="600" height="600" fill="hsl(${hue} 35% 82%)"/><text x="300" y="345" font-family="sans-serif" font-size="130" text-anchor="middle" fill="hsl(${hue} 45% 28%)">${escape(title.slice(0, 2))}</text></svg>`;
}

const STYLE = `*{box-sizing:border-box}body{margin:0;font:1rem/1.5 system-ui,sans-serif;color:#1c1c1c;background:#fff}
header,main,footer{max-width:72rem;margin:0 auto;padding:1rem}header{display:flex;justify-content:space-between;gap:1rem}
header a{color:inherit;padding:.5rem}nav{display:flex;gap:.5rem}h1{font-size:2rem;line-height:1.2;margin:.5rem 0 1rem}h2{font-size:1.5rem;line-height:1.2}
.product{display:grid;gap:2rem}.product img{width:100%;height:auto}button{min-height:2.75rem;padding:.5rem 1rem;font:inherit}
.grid{display:grid;grid-template-columns:repeat(2,1fr);gap:1rem;padding:0;list-style:none}.grid img{width:100%;height:auto;display:block}.grid a{color:inherit}
footer{border-top:1px solid #767676;margin-top:3rem}@media(min-width:750px){.product{grid-template-columns:1fr 1fr}.grid{grid-template-columns:repeat(4,1fr)}}`;
