import { AsyncLocalStorage } from "node:async_hooks";
import polaris from "@shopify/polaris/locales/de.json" with { type: "json" };
import { german } from "./german.ts";
import { languageOf, speakBy, type Speech } from "./text.ts";

const spoken = new AsyncLocalStorage<Speech>();
speakBy(() => spoken.getStore());

/** Everything that `work` writes is in the language of this locale (BCP 47); what has no reader, as a job, is in English. */
export function speaking<T>(locale: string, work: () => T): T {
  const language = languageOf(locale);
  const words = language === "de" ? german : null;
  return spoken.run({ locale, language, words, polaris: words && polaris }, work);
}
