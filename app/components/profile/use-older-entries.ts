import { useFetcher } from "@remix-run/react";
import { useEffect, useState } from "react";
import type { TimelineEntryView, TimelineView } from "./timeline-view.ts";

/** What the profile's route answers to a request for older entries. */
export type OlderAnswer =
  | { outcome: "found"; view: { timeline: TimelineView } }
  | { outcome: "unknown_shop" | "unknown_profile" | "unreachable" };

export interface OlderEntries {
  entries: readonly TimelineEntryView[];
  hasOlder: boolean;
  state: "idle" | "loading" | "failed";
  loadOlder(): void;
}

/** The timeline as the page brought it, and the older entries that were asked for since. */
export function useOlderEntries(profileId: string, newest: TimelineView): OlderEntries {
  const fetcher = useFetcher<OlderAnswer>();
  const [pages, setPages] = useState<TimelineView[]>([]);
  const { data } = fetcher;

  useEffect(() => {
    if (data?.outcome !== "found") return;
    const { timeline } = data.view;
    setPages((known) => [...known, timeline]);
  }, [data]);

  // Reading goes on where it stopped, also when the button that was pressed is gone.
  const latest = pages.at(-1)?.entries[0]?.id;
  useEffect(() => {
    if (latest !== undefined) document.getElementById(latest)?.focus();
  }, [latest]);

  const older = (pages.at(-1) ?? newest).older;
  const loading = fetcher.state !== "idle";
  return {
    entries: [...newest.entries, ...pages.flatMap(({ entries }) => entries)],
    hasOlder: older !== null,
    state: loading ? "loading" : data && data.outcome !== "found" ? "failed" : "idle",
    loadOlder() {
      if (!loading && older !== null) {
        fetcher.load(`/app/profiles/${profileId}?${new URLSearchParams({ before: older })}`);
      }
    },
  };
}
