import type { Person } from "../../jobs/people.server.ts";
import type { PreviewedAutomation, Reach } from "../../jobs/publication.server.ts";
import type { PreviewAnswer } from "../../jobs/rule-trials.server.ts";
import type { Format } from "../../platform/format.ts";
import { describeProblem } from "../../segment/language/diagnostics.ts";
import { speech, t, told, tn } from "../../texts/text.ts";
import { destinationName } from "../audience-words.ts";

export type PreviewView =
  | { outcome: "refused"; problems: string[] }
  | {
      outcome: "read";
      /** The rule as it will be kept. */
      text: string;
      headline: string;
      /** The time of the shop's clocks that it was counted at. */
      at: string;
      share: string;
      enters: string;
      leaves: string;
      /** Whether publishing would change anybody's membership. */
      moves: boolean;
      /** Some of those who are in and would stay; empty where somebody would move. */
      among: Person[];
      entering: Person[];
      leaving: Person[];
      /** What the rule asks for and Muster does not have. */
      missing: string[];
      /** Which lists follow and how many mails that could mean. */
      reach: string;
      /** Which automations could run for those who move; null: it has none. */
      automations: AutomationsReach | null;
      /** Other segments in which somebody would move, because their rules ask for this one. */
      dependents: DependentView[];
      /** How often automations could run in all of these segments, in words; null: never. */
      runs: string | null;
    };

export interface DependentView {
  id: number;
  name: string;
  enters: string;
  leaves: string;
  reach: string;
  automations: AutomationsReach | null;
}

export interface AutomationsReach {
  /** In words; "0" runs are null. */
  runs: string | null;
  lines: string[];
}

export function previewView(answer: PreviewAnswer, format: Format): PreviewView {
  switch (answer.outcome) {
    case "unknown_shop":
      return { outcome: "refused", problems: [t("Muster does not know this shop any more.")] };
    case "refused":
      return { outcome: "refused", problems: answer.problems.map(describeProblem) };
    case "read": {
      const { members, profiles, enters, leaves, among, entering, leaving, missing, dependents } = answer;
      const counting =
        (estimated: boolean) =>
        (exact: number): string => {
          const shown = format.number(exact);
          return estimated ? t("about {count}", { count: shown }) : shown;
        };
      const count = counting(answer.estimated);
      const all = [answer, ...dependents];
      return {
        outcome: "read",
        text: answer.text,
        headline: t("{members} of {profiles} customers", {
          members: count(members),
          profiles: format.number(profiles),
        }),
        at: format.clockTime(answer.at),
        share: profiles === 0 ? "" : format.percent((100 * members) / profiles),
        enters: count(enters),
        leaves: count(leaves),
        moves: enters + leaves > 0,
        among,
        entering,
        leaving,
        missing: missing.map(({ name, needs }) =>
          t("{name} needs {data}, which Muster does not have: nobody matches it.", { name, data: told(needs) }),
        ),
        reach: reachOf(answer, count),
        automations: automationsOf(answer.automations, count),
        dependents: dependents.map((one) => {
          const counted = counting(one.estimated);
          return {
            id: one.id,
            name: one.name,
            enters: counted(one.enters),
            leaves: counted(one.leaves),
            reach: reachOf(one, counted),
            automations: automationsOf(one.automations, counted),
          };
        }),
        runs: runsInWords(
          all.flatMap(({ automations }) => automations),
          counting(all.some(({ estimated }) => estimated)),
        ),
      };
    }
  }
}

/** A flow at a platform that starts when somebody joins a list writes to everybody who does. */
function reachOf({ enters, mailable, unasked, lists: following }: Reach, count: (exact: number) => string): string {
  if (following.length === 0) return t("It has no list at an e-mail platform, so nothing is sent anywhere.");
  const named = (lists: typeof following): string =>
    new Intl.ListFormat(speech().language).format(new Set(lists.map(({ kind }) => destinationName(kind))));
  const lists = named(following);
  if (enters === 0) {
    return tn(
      following.length,
      "Its list at {lists} follows. Nobody enters, so no welcome mail is sent.",
      "Its lists at {lists} follow. Nobody enters, so no welcome mail is sent.",
      { lists },
    );
  }
  const open = following.filter(({ nonSubscribed }) => nonSubscribed);
  const added =
    open.length === 0 || unasked === 0
      ? null
      : t(
          "The list at {lists} also takes {count} who neither subscribed nor unsubscribed: they are added and get no marketing.",
          { lists: named(open), count: count(unasked) },
        );
  const mails = mailable * following.length;
  const values = { lists, count: count(mailable) };
  const sentences = [
    ...(mails > 0
      ? [
          tn(
            following.length,
            "Of those who enter, {count} may be written to and are added to the list at {lists}.",
            "Of those who enter, {count} may be written to and are added to the lists at {lists}.",
            values,
          ),
          tn(
            mails,
            "Flows there that start when somebody joins could send {count} mail.",
            "Flows there that start when somebody joins could send {count} mails.",
            { count: count(mails) },
          ),
        ]
      : added === null
        ? [
            tn(
              following.length,
              "Of those who enter, {count} may be written to: nobody is added to the list at {lists}.",
              "Of those who enter, {count} may be written to: nobody is added to the lists at {lists}.",
              values,
            ),
          ]
        : [t("Of those who enter, {count} may be written to.", values)]),
    ...(added === null ? [] : [added]),
  ];
  return sentences.join(" ");
}

function automationsOf(
  automations: readonly PreviewedAutomation[],
  count: (exact: number) => string,
): AutomationsReach | null {
  if (automations.length === 0) return null;
  return {
    runs: runsInWords(automations, count),
    lines: automations.map(({ name, state, entries, exits }) => {
      if (state === "ending") return t("{name}: being deleted, so never", { name });
      if (state === "paused") return t("{name}: paused, so never", { name });
      if (entries + exits === 0) return t("{name}: never", { name });
      const values = {
        entries: tn(entries, "{count} entry", "{count} entries", { count: count(entries) }),
        exits: tn(exits, "{count} exit", "{count} exits", { count: count(exits) }),
      };
      const each = entries > 0 && exits > 0;
      return `${name}: ${each ? t("{entries} and {exits}", values) : entries > 0 ? values.entries : values.exits}`;
    }),
  };
}

function runsInWords(automations: readonly PreviewedAutomation[], count: (exact: number) => string): string | null {
  const runs = automations.reduce((sum, { entries, exits }) => sum + entries + exits, 0);
  return runs === 0 ? null : tn(runs, "{count} time", "{count} times", { count: count(runs) });
}
