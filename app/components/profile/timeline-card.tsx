import { useSearchParams } from "@remix-run/react";
import { BlockStack, Button, Card, InlineError, InlineGrid, InlineStack, Link, Select, Text } from "@shopify/polaris";
import { useEffect, useRef } from "react";
import { useComingSearch } from "../use-coming-search.ts";
import { StatusBadge } from "../status-badge.tsx";
import { type TimelineEntryView, timelineParts, type TimelineView } from "./timeline-view.ts";
import { useOlderEntries } from "./use-older-entries.ts";
import { t } from "../../texts/text.ts";

/** What happened, the newest first, of one kind or all; what is older comes as one scrolls. */
export function TimelineCard({ profileId, timeline }: { profileId: string; timeline: TimelineView }) {
  const [params, setParams] = useSearchParams();
  const coming = useComingSearch();
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            {t("Timeline")}
          </Text>
          <Select
            label={t("Show")}
            labelInline
            options={timelineParts()}
            value={coming ? (coming.get("show") ?? "") : timeline.part}
            onChange={(show) => setParams(show === "" ? {} : { show }, { preventScrollReset: true })}
          />
        </InlineStack>
        {params.has("before") && (
          <Text as="p" tone="subdued">
            {t("From the entry you followed on.")}{" "}
            <Link url={`/app/profiles/${profileId}`}>{t("Show the newest")}</Link>
          </Text>
        )}
        <Entries key={timeline.part} profileId={profileId} timeline={timeline} />
      </BlockStack>
    </Card>
  );
}

function Entries({ profileId, timeline }: { profileId: string; timeline: TimelineView }) {
  const { entries, hasOlder, state, loadOlder } = useOlderEntries(profileId, timeline);
  const end = useSeen(() => loadOlder("scroll"), hasOlder && state === "idle");
  const days = [...Map.groupBy(entries, ({ day }) => day)];
  return (
    <>
      {entries.length === 0 && (
        <Text as="p" tone="subdued">
          {timeline.part === "" ? t("Nothing has happened yet.") : t("Nothing of this kind has happened yet.")}
        </Text>
      )}
      {days.map(([day, happened]) => (
        <BlockStack key={day} gap="200">
          <Text as="h3" variant="headingSm" tone="subdued">
            {day}
          </Text>
          <BlockStack as="ul" gap="200">
            {happened.map((entry) => (
              <li key={entry.id} id={entry.id} tabIndex={-1}>
                <Entry {...entry} />
              </li>
            ))}
          </BlockStack>
        </BlockStack>
      ))}
      {state === "failed" && (
        <InlineError fieldID="load-older" message={t("Older entries could not be loaded. Try again in a moment.")} />
      )}
      {hasOlder && (
        <div ref={end}>
          <InlineStack align="center">
            <Button id="load-older" onClick={() => loadOlder("press")} loading={state === "loading"}>
              {t("Load older")}
            </Button>
          </InlineStack>
        </div>
      )}
    </>
  );
}

/**
 * Calls `onSeen` when the element comes to be seen, and each time `watching` begins while it is seen.
 * @param watching not while older entries are on their way, and not after a failure: then it is left to whoever presses
 */
function useSeen(onSeen: () => void, watching: boolean) {
  const element = useRef<HTMLDivElement>(null);
  const latest = useRef(onSeen);
  latest.current = onSeen;
  useEffect(() => {
    if (!watching || !element.current) return;
    const observer = new IntersectionObserver((seen) => {
      if (seen.some(({ isIntersecting }) => isIntersecting)) latest.current();
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [watching]);
  return element;
}

function Entry({ iso, time, relative, badge, what, url, amount }: TimelineEntryView) {
  return (
    <InlineGrid columns="4.5rem 1fr auto" gap="200">
      <Text as="span" tone="subdued" numeric>
        <time dateTime={iso} title={relative}>
          {time}
        </time>
      </Text>
      <InlineStack gap="200">
        <StatusBadge status={badge} />
        {url === null ? (
          <Text as="span">{what}</Text>
        ) : (
          <Link url={url} target="_top" monochrome>
            {what}
          </Link>
        )}
      </InlineStack>
      <Text as="span" alignment="end" numeric>
        {amount ?? ""}
      </Text>
    </InlineGrid>
  );
}
