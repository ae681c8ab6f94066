import type { Person, PreviewAnswer } from "../../jobs/segment-admin.server.ts";
import type { Format } from "../../platform/format.ts";
import { describeProblem } from "../../segment/language/diagnostics.ts";

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
      policies: boolean;
    };

export function previewView(answer: PreviewAnswer, format: Format): PreviewView {
  switch (answer.outcome) {
    case "unknown_shop":
      return { outcome: "refused", problems: ["Muster does not know this shop any more."] };
    case "refused":
      return { outcome: "refused", problems: answer.problems.map(describeProblem) };
    case "read": {
      const { members, profiles, enters, leaves, entering, leaving, missing, policies } = answer;
      return {
        outcome: "read",
        headline: `${format.number(members)} of ${format.number(profiles)} customers`,
        share: profiles === 0 ? "" : `${format.number(Math.round((members / profiles) * 1_000) / 10)} %`,
        enters: format.number(enters),
        leaves: format.number(leaves),
        moves: enters + leaves > 0,
        entering,
        leaving,
        missing: missing.map(
          ({ name, needs }) => `${name} needs ${needs}, which Muster does not have: nobody matches it.`,
        ),
        policies,
      };
    }
  }
}
