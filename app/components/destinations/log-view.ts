import type { Shop } from "../../shopify/shop-store.server.ts";
import type { Format } from "../../platform/format.ts";
import { type IdPage, idPages } from "../../platform/id-window.ts";
import type { LoggedPass } from "../../sync/log-store.server.ts";
import { destinationName, exceptionWords } from "../audience-words.ts";
import { t } from "../../texts/text.ts";
import { FIGURES, OUTCOMES } from "./log-words.ts";

export interface LogView {
  destinationId: number;
  name: string;
  query: string;
  passes: PassView[];
  pages: { previous: string | null; next: string | null };
}

export interface PassView {
  id: string;
  at: string;
  segment: string;
  figures: string;
  /** What became of the customer who was searched for. */
  member: string | null;
  calls: string[];
}

export function logView(
  found: { shop: Shop; destinationId: number; kind: string; page: IdPage<LoggedPass> },
  query: string,
  format: Format,
): LogView {
  const counted = (count: number, what: keyof typeof FIGURES) =>
    count === 0 ? [] : [t(FIGURES[what], { count: format.number(count) })];
  return {
    destinationId: found.destinationId,
    name: destinationName(found.kind),
    query,
    passes: found.page.rows.map(({ id, at, segmentName, added, removed, again, refused, calls, member }) => ({
      id,
      at: format.instant(at),
      segment: segmentName,
      figures:
        [
          ...counted(added, "added"),
          ...counted(removed, "removed"),
          ...counted(refused, "refused"),
          ...counted(again, "again"),
        ].join(" \u00b7 ") || t("Nobody changed"),
      member: member && outcomeWords(member),
      calls: calls.map(
        ({ call, status, requestId }) =>
          `${call}: ${status ?? t("no answer")}${requestId === null ? "" : `, ${requestId}`}`,
      ),
    })),
    pages: idPages(found.page, `/app/destinations/${found.destinationId}/log`, { query }),
  };
}

/** What `sync/pass-log.ts` writes of one person. */
function outcomeWords(stored: string): string {
  const [word = "", code] = stored.split(/: (.*)/s);
  const text = OUTCOMES[word];
  return text ? t(text, { reason: exceptionWords(code ?? "") }) : stored;
}
