import { Form, useNavigation, useSearchParams } from "@remix-run/react";
import { Banner, BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { AdminPage } from "../admin-page.tsx";
import { mayLeave } from "../save-bar.tsx";
import { StatusBadge } from "../status-badge.tsx";
import { useLiveRefresh } from "../use-live-refresh.ts";
import { ConsentSyncCard } from "./consent-sync-card.tsx";
import type { ConnectionView } from "./connection-view.ts";
import { EventsCard } from "./events-card.tsx";
import type { Happened } from "./happened.ts";
import { PartModal } from "./part-modal.tsx";
import { SampleCard } from "./sample-card.tsx";
import { SecretCard } from "./secret-card.tsx";
import { SegmentCard } from "./segment-card.tsx";
import { t } from "../../texts/text.ts";

const REFRESH_MS = 5_000;

/** One connection: which segments it keeps and how, whether it works, and what becomes of it. */
export function ConnectionPage({ view, happened }: { view: ConnectionView; happened: Happened | undefined }) {
  useLiveRefresh(REFRESH_MS);
  const { title, name, account, status, paused, leaving, hears, hearsTexts, everySegment, segments } = view;
  const [parting, setParting] = useState(false);
  const { state } = useNavigation();
  const busy = state === "submitting";
  const asked = useSearchParams()[0].get("segment");
  const places = happened?.outcome === "found" ? happened.places : null;
  // One at a time, as the admin has one bar for what is not saved.
  const [editing, setEditing] = useState(
    () => segments.find(({ segmentId, audience }) => String(segmentId) === asked && audience === null)?.segmentId,
  );
  const edit = async (segmentId: number): Promise<void> => {
    await mayLeave();
    setEditing(segmentId);
  };
  const answered = useRef<Happened>(undefined);
  useEffect(() => {
    // Until the page was read again it has what was before, and whoever opens the form at once would change that.
    if (state !== "idle" || happened === answered.current) return;
    answered.current = happened;
    if (happened?.outcome === "done" && happened.about !== 0) setEditing(undefined);
  }, [happened, state]);
  return (
    <AdminPage
      title={title}
      titleMetadata={<StatusBadge status={status} />}
      backAction={{ content: t("Destinations"), url: "/app/destinations" }}
      secondaryActions={[{ content: t("What was sent"), url: `/app/destinations/${view.id}/log` }]}
    >
      <BlockStack gap="400">
        {paused !== null && (
          <Banner
            tone="critical"
            title={t("{name} is paused", { name })}
            {...(!view.isReceiver && { action: { content: t("Connect it again"), url: "/app/destinations" } })}
          >
            <p>
              {view.isReceiver
                ? t("{reason} Nothing is lost: mend it at {name}, and it goes on by itself within the hour.", {
                    reason: paused,
                    name,
                  })
                : t(
                    "{reason} Nothing is lost: mend it at {name}, and it goes on by itself within the hour, or connect it again under Destinations.",
                    { reason: paused, name },
                  )}
            </p>
          </Banner>
        )}
        {leaving && (
          <Banner tone="warning" title={t("This connection is being disconnected")}>
            <p>{t("It disappears from here once the last of its audiences is dealt with at {name}.", { name })}</p>
          </Banner>
        )}
        {happened?.outcome === "done" && (
          <Banner tone="success">
            <p>{happened.said}</p>
          </Banner>
        )}
        {happened?.outcome === "refused" && happened.about === 0 && (
          <Banner tone="critical">
            <p>{happened.reason}</p>
          </Banner>
        )}
        <Card>
          <InlineStack align="space-between" blockAlign="center" gap="200">
            <BlockStack gap="050">
              <Text as="h2" variant="headingMd">
                {everySegment ? t("Every segment has an audience") : t("The segments you choose have an audience")}
              </Text>
              <Text as="p" tone="subdued">
                {everySegment
                  ? t("A segment you publish later gets one too.")
                  : t("Choose below, or keep one for every segment, later ones too.")}
              </Text>
              <Text as="p" tone="subdued">
                {[hears, hearsTexts].filter((sentence) => sentence !== null).join(" ")}
              </Text>
            </BlockStack>
            <Form method="post">
              <input type="hidden" name="intent" value="every" />
              <input type="hidden" name="every" value={everySegment ? "off" : "on"} />
              <Button submit loading={busy} disabled={leaving}>
                {everySegment ? t("Let me choose") : t("Keep every segment")}
              </Button>
            </Form>
          </InlineStack>
        </Card>
        {segments.map((segment) => (
          <Asked key={segment.segmentId} asked={String(segment.segmentId) === asked}>
            <SegmentCard
              segment={segment}
              view={view}
              places={places}
              happened={happened}
              editing={segment.segmentId === editing}
              onEdit={(on) => (on ? void edit(segment.segmentId) : setEditing(undefined))}
            />
          </Asked>
        ))}
        {view.events && <EventsCard name={name} events={view.events} disabled={leaving} />}
        <ConsentSyncCard name={name} on={view.consentSync} />
        {view.isReceiver && <SecretCard happened={happened} />}
        <SampleCard name={name} happened={happened} disabled={paused !== null || leaving} />
        {!leaving && (
          <InlineStack align="end">
            <Button tone="critical" variant="tertiary" onClick={() => setParting(true)}>
              {t("Disconnect {name}", { name })}
            </Button>
          </InlineStack>
        )}
      </BlockStack>
      {parting && (
        <PartModal
          title={t("Disconnect {name}?", { name: account === "" ? name : account })}
          fields={{ intent: "disconnect" }}
          name={name}
          all
          canChange={paused === null}
          onClose={() => setParting(false)}
        />
      )}
    </AdminPage>
  );
}

/** Is scrolled to when it is what somebody came for. */
function Asked({ asked, children }: { asked: boolean; children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (asked) place.current?.scrollIntoView();
  }, [asked]);
  return <div ref={place}>{children}</div>;
}
