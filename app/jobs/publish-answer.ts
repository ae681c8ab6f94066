import { t } from "../texts/text.ts";
import type { LargeMove } from "./publication.server.ts";
import type { Publication } from "./publish-segment.server.ts";

export type PublishAnswer =
  | { outcome: "published"; segmentId: number; version: number }
  | { outcome: "unchanged"; segmentId: number }
  /** It will be published by itself at its moment. */
  | { outcome: "scheduled"; segmentId: number }
  /** More would move than the guard lets pass unasked. */
  | ({ outcome: "guarded" } & LargeMove)
  | { outcome: "refused"; reason: string }
  | { outcome: "unknown_shop" };

/** What came of a publication, as whoever asked for it is told. */
export function answerOf(publication: Publication): PublishAnswer {
  switch (publication.outcome) {
    case "published":
    case "unchanged":
    case "guarded":
      return publication;
    case "outdated":
      return {
        outcome: "refused",
        reason: t(
          "Version {number} was published meanwhile. It stands beside this page; what you wrote is still here.",
          { number: publication.version },
        ),
      };
    case "awaited":
      return {
        outcome: "refused",
        reason: t("Something is scheduled of this segment already. Cancel that first, or publish without an end."),
      };
    case "same":
      return { outcome: "refused", reason: t("The live rule says the same already.") };
    case "not_found":
    case "gone":
      return { outcome: "refused", reason: t("This segment does not exist any more.") };
    case "taken":
      return { outcome: "refused", reason: t("Another segment has this name already, or one that was removed.") };
    case "cycle":
      return {
        outcome: "refused",
        reason: t("The segments ask for each other in a circle: {keys}.", { keys: publication.keys.join(", ") }),
      };
    case "unknown_segments":
      return {
        outcome: "refused",
        reason: t("There is no segment with the key {keys}.", { keys: publication.keys.join(", ") }),
      };
  }
}
