import type { Person, PreviewAnswer, PreviewedAutomation } from "../../jobs/segment-admin.server.ts";
import type { Format } from "../../platform/format.ts";
import { describeProblem } from "../../segment/language/diagnostics.ts";
import { destinationName } from "../audience-words.ts";

export type PreviewView =
  | { outcome: "refused"; problems: string[] }
  | {
      outcome: "read";
      headline: string;
      share: string;
      enters: string;
      leaves: string;
      /** Whether publishing would change anybody's membership. */
      moves: boolean;
      entering: Person[];
      leaving: Person[];
      /** What the rule asks for and Muster does not have. */
      missing: string[];
      /** Which lists follow and how many mails that could mean. */
      reach: string;
      /** Which automations could run for those who move; null: it has none. */
      automations: AutomationsReach | null;
    };

export interface AutomationsReach {
  /** In words; "0" runs are null. */
  runs: string | null;
  lines: string[];
}

export function previewView(answer: PreviewAnswer, format: Format): PreviewView {
  switch (answer.outcome) {
    case "unknown_shop":
      return { outcome: "refused", problems: ["Muster does not know this shop any more."] };
    case "refused":
      return { outcome: "refused", problems: answer.problems.map(describeProblem) };
    case "read": {
      const { members, profiles, enters, leaves, entering, leaving, missing, estimated } = answer;
      const about = estimated ? "about " : "";
      return {
        outcome: "read",
        headline: `${about}${format.number(members)} of ${format.number(profiles)} customers`,
        share: profiles === 0 ? "" : `${format.number(Math.round((members / profiles) * 1_000) / 10)} %`,
        enters: `${about}${format.number(enters)}`,
        leaves: `${about}${format.number(leaves)}`,
        moves: enters + leaves > 0,
        entering,
        leaving,
        missing: missing.map(
          ({ name, needs }) => `${name} needs ${needs}, which Muster does not have: nobody matches it.`,
        ),
        reach: reachOf(answer, about, format),
        automations: automationsOf(answer.automations, about, format),
      };
    }
  }
}

/** A flow at a platform that starts when somebody joins a list writes to everybody who does. */
function reachOf(
  { enters, mailable, unasked, lists: following }: Extract<PreviewAnswer, { outcome: "read" }>,
  about: string,
  format: Format,
): string {
  if (following.length === 0) return "It has no list at an e-mail platform, so nothing is sent anywhere.";
  const named = (lists: typeof following): string =>
    new Intl.ListFormat("en").format(new Set(lists.map(({ kind }) => destinationName(kind))));
  const lists = named(following);
  const open = following.filter(({ nonSubscribed }) => nonSubscribed);
  const added =
    open.length === 0 || unasked === 0
      ? ""
      : ` The list at ${named(open)} also takes ${about}${format.number(unasked)} who neither subscribed nor unsubscribed: they are added and get no marketing.`;
  const one = following.length === 1;
  if (enters === 0) {
    return `Its ${one ? "list" : "lists"} at ${lists} ${one ? "follows" : "follow"}. Nobody enters, so no welcome mail is sent.`;
  }
  const mails = mailable * following.length;
  const of = `Of those who enter, ${about}${format.number(mailable)} may be written to`;
  return mails === 0
    ? `${of}${added === "" ? `: nobody is added to the ${one ? "list" : "lists"} at ${lists}` : ""}.${added}`
    : `${of} and are added to the ${one ? "list" : "lists"} at ${lists}. Flows there that start when somebody joins could send ${about}${format.number(mails)} ${mails === 1 ? "mail" : "mails"}.${added}`;
}

function automationsOf(
  automations: readonly PreviewedAutomation[],
  about: string,
  format: Format,
): AutomationsReach | null {
  if (automations.length === 0) return null;
  const runs = automations.reduce((sum, { entries, exits }) => sum + entries + exits, 0);
  const counted = (count: number, one: string, many: string): string[] =>
    count === 0 ? [] : [`${about}${format.number(count)} ${count === 1 ? one : many}`];
  return {
    runs: runs === 0 ? null : `${about}${format.number(runs)} ${runs === 1 ? "time" : "times"}`,
    lines: automations.map(({ name, active, entries, exits }) => {
      if (!active) return `${name}: paused, so never`;
      return `${name}: ${[...counted(entries, "entry", "entries"), ...counted(exits, "exit", "exits")].join(" and ") || "never"}`;
    }),
  };
}
