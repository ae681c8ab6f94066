import type { Format } from "../../platform/format.ts";
import type { AudienceOverview } from "../../sync/sync-store.server.ts";
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
        ? `Compared ${format.relative(audience.reconciledAt, realNow)}`
        : "Not compared yet",
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
  const byReason = Map.groupBy(paused, ({ stateReason }) => stateReason ?? "No reason was given.");
  return [...byReason].map(([reason, affected]) => {
    const what =
      affected.length === audiences.length
        ? destination
        : `${destination}: ${affected.map(({ segmentName }) => segmentName).join(", ")}`;
    return `${what} is paused. ${reason}`;
  });
}

function waitingSentence(
  destination: string,
  { segmentName, state, held, leaving }: AudienceOverview,
  format: Format,
): string[] {
  if (leaving || state === "paused") return [];
  const which = `${segmentName} in ${destination}`;
  if (state === "review") return [`${which} waits for you to look at its first load.`];
  if (held === null) return [];
  return [`${which}: ${format.number(held)} ${held === 1 ? "removal waits" : "removals wait"} for you to agree.`];
}

function stateOf({ state, due, held, leaving }: AudienceOverview, format: Format): Status {
  if (leaving) return { tone: "attention", text: "Being given up" };
  if (state === "paused") return { tone: "critical", text: "Paused" };
  if (state === "review") return { tone: "attention", text: "Waits for you" };
  if (held !== null) return { tone: "warning", text: "Removals held" };
  if (state !== "live") return { tone: "attention", text: "Being built" };
  return due === 0 ? { tone: "success", text: "In step" } : { tone: "info", text: `${format.number(due)} to send` };
}
