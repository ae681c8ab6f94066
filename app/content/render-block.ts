import { LiquidError } from "liquidjs";
import { problemAt } from "../segment/language/diagnostics.ts";
import { INNER_TAGS } from "./allowed.ts";
import type { ContentData, Place } from "./content-data.ts";
import { type ContentProblem, explainFault } from "./explain-fault.ts";
import { createEngine } from "./engine.ts";
import { MOST_SOURCE } from "./limits.ts";
import { type Fallbacks, scopeOf } from "./scope.ts";
import { speech, t } from "../texts/text.ts";

export interface RenderTask {
  source: string;
  fallbacks: Fallbacks;
  place: Place;
  data: ContentData;
  now: Date;
}

export type Rendered = { outcome: "rendered"; html: string } | { outcome: "refused"; problems: ContentProblem[] };

/** One block for one customer, or for nobody. Bounded in what it makes, not in the time it takes: see the renderer. */
export function renderBlock({ source, fallbacks, place, data, now }: RenderTask): Rendered {
  try {
    const engine = createEngine({ place, now, shop: data.shop });
    return { outcome: "rendered", html: String(engine.renderSync(engine.parse(source), scopeOf(data, fallbacks))) };
  } catch (error) {
    return { outcome: "refused", problems: faultsOf(error, source) };
  }
}

/** Every fault the library found, as the merchant reads it. */
export function faultsOf(error: unknown, source: string): ContentProblem[] {
  if (LiquidError.is(error)) {
    const all = "errors" in error ? (error.errors as LiquidError[]) : [error as LiquidError];
    // What a faulty tag would have opened seems to be closed without having been opened.
    return all.filter((one, place) => place === 0 || !isStray(one)).map((one) => explainFault(one, source));
  }
  const message = error instanceof Error ? error.message : String(error);
  return [{ ...problemAt(source, { start: 0, end: 0 }, sentenceOf(message)), severity: "error" }];
}

function isStray(fault: LiquidError): boolean {
  const tag = /^tag "(\w+)" not found/.exec(fault.message)?.[1];
  return tag !== undefined && INNER_TAGS.includes(tag);
}

function sentenceOf(message: string): string {
  if (message.includes("parse length limit"))
    return t("A block has at most {count} characters.", { count: MOST_SOURCE.toLocaleString(speech().locale) });
  return message.includes("call stack") ? t("This is nested too deeply to be read.") : message;
}
