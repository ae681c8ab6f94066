import { escape } from "./theme-liquid.ts";

/** What of the extension the published theme has on, by the names of its blocks. */
export type Theme = Set<string>;

export interface EditorVisit {
  store: string;
  theme: Theme;
  /** As in the deep link: https://shopify.dev/docs/apps/build/online-store/theme-app-extensions/configuration#deep-linking */
  query: URLSearchParams;
  /** The admin's page of the app. */
  exit: string;
}

/** The block that a deep link adds or switches on; null: it only opens the editor. */
export function blockAsked(query: URLSearchParams): string | null {
  const named = query.get("addAppBlockId") ?? query.get("activateAppId");
  return /^[^/]+\/([a-z-]+)$/.exec(named ?? "")?.[1] ?? null;
}

/** The theme editor, as far as a deep link shows it: the block that is to be added, and the button that saves the theme. */
export function renderThemeEditor({ store, theme, query, exit }: EditorVisit): string {
  const asked = blockAsked(query);
  const kept = asked !== null && theme.has(asked);
  const where = query.get("context") === "apps" ? "App embeds" : `Template ${query.get("template") ?? "index"}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Theme editor · ${escape(store)} (sandbox)</title>
<link rel="icon" href="data:,">
<style>body{margin:0 auto;max-width:40rem;padding:1rem;font:1rem/1.5 system-ui,sans-serif;color:#1c1c1c}button{min-height:2.75rem;padding:.5rem 1rem;font:inherit}</style>
</head>
<body>
<main>
<p><a href="${escape(exit)}">Exit</a></p>
<h1>Theme editor</h1>
<h2>${escape(where)}</h2>
<form method="post" action="/theme-editor?${escape(query.toString())}">
<p>${asked === null ? "Nothing is to be added." : `${escape(asked)} (Muster): ${kept ? "in the theme" : "not saved yet"}`}</p>
<button${asked === null || kept ? " disabled" : ""}>Save</button>
</form>
<p>The blocks of Muster in this theme: ${theme.size === 0 ? "none" : [...theme].map(escape).join(", ")}.</p>
</main>
<footer><p>Stands in for Shopify's theme editor on this machine.</p></footer>
</body>
</html>`;
}
