import type { Format } from "../../platform/format.ts";
import { reasonSentence } from "../../sync/reason-words.ts";
import type { AudienceOverview } from "../../sync/sync-store.server.ts";
import { t, tn } from "../../texts/text.ts";
import { destinationName, exceptionWords } from "../audience-words.ts";
import type { Status } from "../status-badge.tsx";

/** One destination and its audiences. */
export interface AudiencesView {
  destination: string;
  /** Where it is looked after. */
  url: string;
  /** A sentence for each pause, for the top of the page. */
  paused: string[];
  /** A sentence for each audience that waits for somebody in the shop. */
  waiting: string[];
  /** A sentence for each audience of which nobody knows any more whether it equals its segment. */
  uncompared: string[];
  audiences: AudienceView[];
}

export interface AudienceView {
  id: number;
  segment: string;
  inAudience: string;
  members: string;
  /** Each reason for which members are not in the audience, with their number. */
  exceptions: string[];
  state: Status;
  /** When it was last read back and compared. */
  reconciled: string;
}

export function audiencesView(overviews: readonly AudienceOverview[], format: Format, realNow: Date): AudiencesView[] {
  const kinds = Map.groupBy(overviews, ({ kind }) => kind);
  return [...Map.groupBy(overviews, ({ destinationId }) => destinationId).values()].map((audiences) => ({
    destination: nameOf(audiences, kinds),
    url: `/app/destinations/${audiences[0]?.destinationId}`,
    paused: pauses(nameOf(audiences, kinds), audiences),
    waiting: audiences.flatMap((audience) => waitingSentence(nameOf(audiences, kinds), audience, format)),
    uncompared: audiences.flatMap((audience) =>
      uncomparedSentence(nameOf(audiences, kinds), audience, format, realNow),
    ),
    audiences: audiences.map((audience) => ({
      id: audience.audienceId,
      segment: audience.segmentName,
      inAudience: format.number(audience.acked),
      members: format.number(audience.members),
      exceptions: Object.entries(audience.exceptions).map(
        ([name, count]) => `${format.number(count)} ${exceptionWords(name)}`,
      ),
      state: stateOf(audience, format),
      reconciled: audience.reconciledAt
        ? t("Compared {when}", { when: format.relative(audience.reconciledAt, realNow) })
        : t("Not compared yet"),
    })),
  }));
}

/** Several accounts of one kind are told apart by the account's name. */
function nameOf(audiences: readonly AudienceOverview[], kinds: ReadonlyMap<string, AudienceOverview[]>): string {
  const [first] = audiences;
  if (!first) return "";
  const name = destinationName(first.kind);
  const others = kinds.get(first.kind)?.some(({ destinationId }) => destinationId !== first.destinationId);
  return others ? `${name}: ${first.accountName ?? first.destinationId}` : name;
}

/** A pause of the whole destination shows in all of its audiences, with the same reason: it is told once. */
function pauses(destination: string, audiences: readonly AudienceOverview[]): string[] {
  const paused = audiences.filter(({ state }) => state === "paused");
  const byReason = Map.groupBy(paused, ({ stateReason }) => stateReason);
  return [...byReason].map(([reason, affected]) => {
    const what =
      affected.length === audiences.length
        ? destination
        : `${destination}: ${affected.map(({ segmentName }) => segmentName).join(", ")}`;
    return t("{what} is paused. {reason}", { what, reason: reasonSentence(reason) });
  });
}

function waitingSentence(
  destination: string,
  { segmentName, state, held, leaving }: AudienceOverview,
  format: Format,
): string[] {
  if (leaving || state === "paused") return [];
  const which = { segment: segmentName, destination };
  if (state === "review") return [t("{segment} in {destination} waits for you to look at its first load.", which)];
  if (held === null) return [];
  return [
    tn(
      held,
      "{segment} in {destination}: {count} removal waits for you to agree.",
      "{segment} in {destination}: {count} removals wait for you to agree.",
      { ...which, count: format.number(held) },
    ),
  ];
}

/** Audiences are compared once a day and after a load; two days later the platform has not answered for long. */
const UNCOMPARED_AFTER_MS = 2 * 86_400_000;

function uncomparedSentence(
  destination: string,
  { segmentName, state, leaving, reconciledAt }: AudienceOverview,
  format: Format,
  realNow: Date,
): string[] {
  if (leaving || state !== "live" || reconciledAt === null) return [];
  if (realNow.getTime() - reconciledAt.getTime() < UNCOMPARED_AFTER_MS) return [];
  const when = format.relative(reconciledAt, realNow);
  return [t("{segment} in {destination} was last compared {when}.", { segment: segmentName, destination, when })];
}

function stateOf({ state, due, held, leaving }: AudienceOverview, format: Format): Status {
  if (leaving) return { tone: "attention", text: t("Being given up") };
  if (state === "paused") return { tone: "critical", text: t("Paused") };
  if (state === "review") return { tone: "attention", text: t("Waits for you") };
  if (held !== null) return { tone: "warning", text: t("Removals held") };
  if (state !== "live") return { tone: "attention", text: t("Being built") };
  return due === 0
    ? { tone: "success", text: t("In step") }
    : { tone: "info", text: t("{count} to send", { count: format.number(due) }) };
}
