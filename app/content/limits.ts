import { z } from "zod";
import { OWN_TRAIT, PERSONAL } from "./dictionary.ts";
import { t } from "../texts/text.ts";

/** A block's source, in characters. */
export const MOST_SOURCE = 65_536;
/** What a block may become, in bytes of UTF-8. */
export const MOST_OUTPUT_BYTES = 256 * 1024;
/** Characters and entries that filters, ranges and captures of one rendering may make. */
export const MOST_ALLOCATED = 1_000_000;
/** From the moment a thread begins with a block; after it the thread is killed. */
export const DEADLINE_MS = 200;
/** What a thread may hold; a rendering that needs more ends it. */
export const THREAD_MEMORY = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 8, stackSizeMb: 2 };

/** Fallbacks as they come with a form, in JSON: texts by the names of personal values. */
export const fallbacksSchema = z
  .string()
  .default("{}")
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: t("The fallbacks cannot be read. Load the page again.") });
      return z.NEVER;
    }
  })
  .pipe(
    z.record(
      z.string().refine((name) => PERSONAL.includes(name) || OWN_TRAIT.test(name), {
        error: () => t("This value has no fallback."),
      }),
      z.string().max(200, { error: () => t("A fallback has at most 200 characters.") }),
    ),
  )
  .transform((fallbacks) => fallbacks as Record<string, string>);
