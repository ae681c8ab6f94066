import { Banner, BlockStack, Layout, Link, List } from "@shopify/polaris";
import { useState } from "react";
import { AdminPage } from "../admin-page.tsx";
import { FigureStrip } from "../figure-strip.tsx";
import { useLiveRefresh } from "../use-live-refresh.ts";
import { StatusBadge } from "../status-badge.tsx";
import { AboutCard } from "./about-card.tsx";
import { ConsentsCard } from "./consents-card.tsx";
import { HoldingsCard } from "./holdings-card.tsx";
import { IdentityCard } from "./identity-card.tsx";
import { PrivacyModal, type PrivacyModalProps } from "./privacy-modal.tsx";
import type { ProfileView } from "./profile-view.ts";
import { SentCard } from "./sent-card.tsx";
import { StaysCard } from "./stays-card.tsx";
import { TraitsCard } from "./traits-card.tsx";
import { RecommendedCard } from "./recommended-card.tsx";
import { TimelineCard } from "./timeline-card.tsx";
import { t } from "../../texts/text.ts";

const REFRESH_MS = 30_000;

export function ProfilePage({ view }: { view: ProfileView }) {
  const { totals } = view;
  const [asked, setAsked] = useState<PrivacyModalProps["asked"] | null>(null);
  useLiveRefresh(REFRESH_MS);
  return (
    <AdminPage
      title={view.name}
      {...(view.email && view.email !== view.name && { subtitle: view.email })}
      titleMetadata={<StatusBadge status={view.consent} />}
      backAction={{ content: t("Profiles"), url: "/app/profiles" }}
      secondaryActions={[{ content: t("View in Shopify"), url: view.shopifyUrl, target: "_top" }]}
      actionGroups={[
        {
          title: t("Privacy"),
          actions: [
            { content: t("Export data"), onAction: () => setAsked("export") },
            { content: t("Erase"), destructive: true, onAction: () => setAsked("erase") },
          ],
        },
      ]}
    >
      {asked && <PrivacyModal asked={asked} name={view.name} onClose={() => setAsked(null)} />}
      <BlockStack gap="400">
        <Doubts view={view} />
        <FigureStrip
          label={t("Totals")}
          figures={[
            { label: t("Orders"), value: totals.orders },
            { label: t("Spent"), value: totals.spent, detail: t("after refunds") },
            { label: t("Refunded"), value: totals.refunded },
            { label: t("Average order"), value: totals.averageOrder, detail: t("before refunds") },
          ]}
        />
        <Layout>
          <Layout.Section>
            <BlockStack gap="400">
              <StaysCard current={view.current} past={view.past} />
              <HoldingsCard holdings={view.holdings} />
              <RecommendedCard recommended={view.recommended} />
              <SentCard sent={view.sent} />
            </BlockStack>
          </Layout.Section>
          <Layout.Section variant="oneThird">
            <BlockStack gap="400">
              <AboutCard view={view} />
              <TraitsCard computed={view.traits} told={view.told} />
              <ConsentsCard consents={view.consents} />
              <IdentityCard identity={view.identity} />
            </BlockStack>
          </Layout.Section>
          {/* It grows while it is read, so nothing stands below it. */}
          <Layout.Section variant="fullWidth">
            <TimelineCard key={view.id} profileId={view.id} timeline={view.timeline} />
          </Layout.Section>
        </Layout>
      </BlockStack>
    </AdminPage>
  );
}

/** What somebody should look at before they rely on this profile. */
function Doubts({ view: { findings, identity } }: { view: ProfileView }) {
  if (findings.length === 0 && !identity.likely) return null;
  return (
    <Banner tone="warning" title={t("Worth a second look")}>
      <List>
        {findings.map((finding) => (
          <List.Item key={finding}>{finding}</List.Item>
        ))}
        {identity.likely && (
          <List.Item>
            <Link url={identity.likely.url}>{identity.likely.text}</Link>
          </List.Item>
        )}
      </List>
    </Banner>
  );
}
