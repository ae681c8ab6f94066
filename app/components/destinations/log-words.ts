import type { LogMeaning, LoggedOutcome } from "../../sync/log-store.server.ts";
import { t, type Text } from "../../texts/text.ts";
import { exceptionsNamed } from "../audience-words.ts";

/** What `sync/pass-log.ts` writes of one person, in words. */
export const OUTCOMES: Readonly<Record<string, Text>> = {
  added: "added",
  updated: "updated",
  removed: "removed",
  refused: "refused: {reason}",
  "not sent": "not sent: {reason}",
  "addition not answered, sent again": "addition not answered, sent again",
  "removal not answered, sent again": "removal not answered, sent again",
};

/** The words of a pass, for each kind of what becomes of people and calls. */
export const FIGURES: Readonly<Record<Exclude<LoggedOutcome, "unanswered">, Text>> = {
  added: "{count} added or updated",
  removed: "{count} removed",
  refused: "{count} refused",
  again: "{count} to be sent again",
};

const WORDS: Readonly<Record<LoggedOutcome, readonly Text[]>> = {
  added: [FIGURES.added, "added", "updated"],
  removed: [FIGURES.removed, "removed"],
  refused: [FIGURES.refused, "refused: {reason}", "not sent: {reason}"],
  again: [FIGURES.again, "addition not answered, sent again", "removal not answered, sent again"],
  unanswered: ["no answer"],
};

/** Fewer letters are in too many words. */
const FEWEST_LETTERS = 3;

/** What words of the page a query means, in the reader's language or as English has them. */
export function meaningOf(query: string): LogMeaning {
  const sought = query.trim().toLowerCase();
  if (sought.length < FEWEST_LETTERS) return { outcomes: [], reasons: [] };
  const means = (text: Text): boolean =>
    [t(text), text].some((words) =>
      words
        .replaceAll(/\{\w+\}/g, "")
        .toLowerCase()
        .includes(sought),
    );
  const outcomes = (Object.keys(WORDS) as LoggedOutcome[]).filter((outcome) => WORDS[outcome].some(means));
  // A platform's own code is shown with spaces.
  const code = sought.replaceAll(" ", "_");
  return { outcomes, reasons: [...exceptionsNamed(means), ...(/^[a-z0-9_]+$/.test(code) ? [code] : [])] };
}
