import { useFetcher } from "@remix-run/react";
import { useEffect, useRef, useState } from "react";
import type { TimelineEntryView, TimelineView } from "./timeline-view.ts";

/** What the profile's route answers to a request for older entries. */
export type OlderAnswer =
  | { outcome: "found"; view: { timeline: TimelineView } }
  | { outcome: "unknown_shop" | "unknown_profile" | "unreachable" };

export interface OlderEntries {
  entries: readonly TimelineEntryView[];
  hasOlder: boolean;
  state: "idle" | "loading" | "failed";
  /** @param by who scrolls goes on reading where they are; who pressed reads on at the first of them */
  loadOlder(by: "press" | "scroll"): void;
}

/** The timeline as the page brought it, and the older entries that were asked for since. */
export function useOlderEntries(profileId: string, newest: TimelineView): OlderEntries {
  const fetcher = useFetcher<OlderAnswer>();
  const [pages, setPages] = useState<TimelineView[]>([]);
  const { data } = fetcher;
  const [taken, setTaken] = useState<OlderAnswer>();

  useEffect(() => {
    setTaken(data);
    if (data?.outcome !== "found") return;
    const { timeline } = data.view;
    // What was asked for last is asked for again with the rest of the page.
    setPages((known) => {
      const again = known.at(-1)?.entries[0]?.id === timeline.entries[0]?.id;
      return [...(again ? known.slice(0, -1) : known), timeline];
    });
  }, [data]);

  // Reading goes on where it stopped, also when the button that was pressed is gone.
  const latest = pages.at(-1)?.entries[0]?.id;
  const pressed = useRef(false);
  useEffect(() => {
    if (latest !== undefined && pressed.current) document.getElementById(latest)?.focus();
  }, [latest]);

  // The newest move on while the page is open; what was read on from stays until it is left.
  const begun = useRef<TimelineView | null>(null);
  const first = begun.current ?? newest;
  const older = (pages.at(-1) ?? first).older;
  // Until what came is drawn, the end of the list stands where it stood, and would ask for more.
  const loading = fetcher.state !== "idle" || taken !== data;
  return {
    entries: each([...newest.entries, ...first.entries, ...pages.flatMap(({ entries }) => entries)]),
    hasOlder: older !== null,
    state: loading ? "loading" : data && data.outcome !== "found" ? "failed" : "idle",
    loadOlder(by) {
      if (loading || older === null) return;
      pressed.current = by === "press";
      begun.current ??= newest;
      const asked = { before: older, ...(newest.part !== "" && { show: newest.part }) };
      fetcher.load(`/app/profiles/${profileId}?${new URLSearchParams(asked)}`);
    },
  };
}

function each(entries: readonly TimelineEntryView[]): TimelineEntryView[] {
  return [...new Map(entries.toReversed().map((entry) => [entry.id, entry])).values()].toReversed();
}
