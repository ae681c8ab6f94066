import { RemixBrowser } from "@remix-run/react";
import { startTransition, StrictMode } from "react";
import { hydrateRoot } from "react-dom/client";
import { languageOf, speakBy, type Speech } from "./texts/text.ts";

/** The server wrote the document for a reader, and says for which; only that one's words are loaded. */
async function speechOf(locale: string): Promise<Speech> {
  const language = languageOf(locale);
  if (language === "en") return { locale, language, words: null, polaris: null };
  const [{ german }, { default: polaris }] = await Promise.all([
    import("./texts/german.ts"),
    import("@shopify/polaris/locales/de.json"),
  ]);
  return { locale, language, words: german, polaris };
}

/** Shopify names the reader's locale for the first document alone: what is asked for later says it by itself. */
function askIn(locale: string): void {
  const ask = window.fetch;
  window.fetch = (input, init) => {
    const { url, headers } = input instanceof Request ? input : { url: String(input), headers: undefined };
    if (new URL(url, window.location.href).origin !== window.location.origin) return ask(input, init);
    const named = new Headers(init?.headers ?? headers);
    named.set("Accept-Language", locale);
    return ask(input, { ...init, headers: named });
  };
}

async function hydrate(): Promise<void> {
  const locale = document.documentElement.dataset["locale"] ?? "en";
  const speech = await speechOf(locale);
  speakBy(() => speech);
  askIn(locale);
  startTransition(() => {
    hydrateRoot(
      document,
      <StrictMode>
        <RemixBrowser />
      </StrictMode>,
    );
  });
}

void hydrate();
