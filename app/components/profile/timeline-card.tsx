import { useSearchParams } from "@remix-run/react";
import { BlockStack, Button, Card, InlineError, InlineGrid, InlineStack, Link, Text } from "@shopify/polaris";
import { StatusBadge } from "../status-badge.tsx";
import type { TimelineEntryView, TimelineView } from "./timeline-view.ts";
import { useOlderEntries } from "./use-older-entries.ts";
import { t } from "../../texts/text.ts";

export function TimelineCard({ profileId, timeline }: { profileId: string; timeline: TimelineView }) {
  const { entries, hasOlder, state, loadOlder } = useOlderEntries(profileId, timeline);
  const isPart = useSearchParams()[0].has("before");
  const days = [...Map.groupBy(entries, ({ day }) => day)];
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {t("Timeline")}
        </Text>
        {isPart && (
          <Text as="p" tone="subdued">
            {t("From the entry you followed on.")}{" "}
            <Link url={`/app/profiles/${profileId}`}>{t("Show the newest")}</Link>
          </Text>
        )}
        {entries.length === 0 && (
          <Text as="p" tone="subdued">
            {t("Nothing has happened yet.")}
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
          <InlineStack align="center">
            <Button id="load-older" onClick={loadOlder} loading={state === "loading"}>
              {t("Load older")}
            </Button>
          </InlineStack>
        )}
      </BlockStack>
    </Card>
  );
}

function Entry({ iso, time, relative, badge, what, amount }: TimelineEntryView) {
  return (
    <InlineGrid columns="4.5rem 1fr auto" gap="200">
      <Text as="span" tone="subdued" numeric>
        <time dateTime={iso} title={relative}>
          {time}
        </time>
      </Text>
      <InlineStack gap="200">
        <StatusBadge status={badge} />
        <Text as="span">{what}</Text>
      </InlineStack>
      <Text as="span" alignment="end" numeric>
        {amount ?? ""}
      </Text>
    </InlineGrid>
  );
}
