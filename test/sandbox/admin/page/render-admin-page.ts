export interface AdminPage {
  storeName: string;
  appName: string;
  /** Path of the app in the admin; what follows it is the app's own path. */
  base: string;
  /** Origin of the framed app. */
  appOrigin: string;
  /** `….myshopify.com` */
  shop: string;
  /** Where the theme editor is; empty: there is none. */
  themeEditor: string;
  /** Address of the frame, with everything Shopify adds. */
  frame: string;
}

/** The admin around the app: bar, navigation, title bar and frame. The rest of the admin is named, not imitated. */
export function renderAdminPage(page: AdminPage): string {
  const { storeName, appName, base, appOrigin, shop, themeEditor, frame } = page;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escape(appName)} · ${escape(storeName)} (sandbox)</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(ICON)}">
<link rel="stylesheet" href="/admin-page.css">
</head>
<body data-base="${escape(base)}" data-app-origin="${escape(appOrigin)}" data-shop="${escape(shop)}" data-theme-editor="${escape(themeEditor)}">
<header class="bar">
  <button class="menu" type="button" aria-label="Menu" aria-expanded="false" aria-controls="navigation">
    <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M3 5h14M3 10h14M3 15h14"/></svg>
  </button>
  <span class="sandbox">Sandbox</span>
  <span class="explained">Stands in for the Shopify admin on this machine. No real shop, no real customers.</span>
  <span class="store"><span class="avatar" aria-hidden="true">${escape(storeName.charAt(0))}</span>${escape(storeName)}</span>
</header>
<div class="save-bar" role="region" aria-label="Unsaved changes" hidden>
  <span>Unsaved changes</span>
  <button type="button" data-save-bar="discard">Discard</button>
  <button type="button" data-save-bar="save" class="primary">Save</button>
</div>
<nav id="navigation" aria-label="Admin">
  <ul class="elsewhere" aria-label="Not part of the sandbox">
    ${ELSEWHERE.map(([name, path]) => `<li title="Not part of the sandbox">${symbol(path)}${name}</li>`).join("\n    ")}
  </ul>
  <h2>Apps</h2>
  <ul>
    <li><a class="app" href="${escape(base)}" data-home>${ICON}${escape(appName)}</a>
      <ul class="pages"></ul>
    </li>
  </ul>
</nav>
<main>
  <div class="title-bar">
    <span class="crumb">${ICON}<span>${escape(appName)}</span></span>
    <h1></h1>
    <div class="actions"></div>
  </div>
  <div class="loading" hidden></div>
  <iframe name="app-iframe" title="${escape(appName)}" src="${escape(frame)}"></iframe>
</main>
<div class="toasts" role="status" aria-live="polite"></div>
<script src="/admin-page.js"></script>
</body>
</html>
`;
}

const ICON =
  '<svg class="icon" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><rect width="20" height="20" rx="5" fill="#2a5bd7"/>' +
  '<circle cx="6" cy="13" r="1.7" fill="#fff"/><circle cx="10" cy="13" r="1.7" fill="#fff"/>' +
  '<circle cx="14" cy="13" r="1.7" fill="#fff"/><circle cx="8" cy="9" r="1.7" fill="#fff"/>' +
  '<circle cx="12" cy="9" r="1.7" fill="#fff"/><circle cx="10" cy="5.2" r="1.7" fill="#fff"/></svg>';

const ELSEWHERE = [
  ["Home", "M3 9l7-6 7 6v8h-5v-5H8v5H3z"],
  ["Orders", "M4 4h12v12H4zM4 11h4l1 2h2l1-2h4"],
  ["Products", "M3 10V3h7l7 7-7 7zM7 7h.01"],
  ["Customers", "M10 9a3 3 0 100-6 3 3 0 000 6zM4 17c0-4 3-6 6-6s6 2 6 6"],
  ["Marketing", "M3 8v4h3l7 4V4L6 8z"],
  ["Discounts", "M6 6h.01M14 14h.01M5 15L15 5"],
  ["Analytics", "M4 16V9M10 16V4M16 16v-5"],
] as const;

function symbol(path: string): string {
  return `<svg viewBox="0 0 20 20" aria-hidden="true"><path d="${path}"/></svg>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
