import { useSubmit } from "@remix-run/react";
import { Badge, Banner, BlockStack, Card, InlineStack, Layout, Link, List, Text } from "@shopify/polaris";
import { t } from "../../texts/text.ts";
import { AdminPage } from "../admin-page.tsx";
import { FigureStrip } from "../figure-strip.tsx";
import { Instant } from "../shown-instant.tsx";
import { Sentence } from "../text.tsx";
import { AudienceCards } from "./audience-cards.tsx";
import { FirstDelivery } from "./first-delivery.tsx";
import { GuideCard } from "./guide-card.tsx";
import { HistoryCard } from "./history-card.tsx";
import { useReach } from "../reach.ts";
import type { HealthView, OverviewView } from "./overview-view.ts";
import { RevenueCard } from "./revenue-card.tsx";
import { SegmentsCard } from "./segments-card.tsx";
import { SpeedCard } from "./speed-card.tsx";

export function OverviewPage({ view }: { view: OverviewView }) {
  const submit = useSubmit();
  const bringBack = {
    content: t("Show the set-up guide"),
    onAction: () => submit({ intent: "show-guide" }, { method: "post" }),
  };
  return (
    <AdminPage
      title={t("Overview")}
      subtitle={view.shopName}
      {...(view.guide.dismissed && { secondaryActions: [bringBack] })}
    >
      <BlockStack gap="400">
        {view.lost.length > 0 && <LostCard lost={view.lost} />}
        {!view.fresh && view.health.tone !== "success" && <Health health={view.health} readAt={view.readAt} />}
        {!view.guide.dismissed && <GuideCard guide={view.guide} />}
        {/* What is read stands with the sources of the data. */}
        {view.history && view.history.state !== "done" && <HistoryCard history={view.history} />}
        {view.fresh ? <FirstDelivery shopName={view.shopName} /> : <Figures view={view} />}
      </BlockStack>
    </AdminPage>
  );
}

function LostCard({ lost }: { lost: OverviewView["lost"] }) {
  return (
    <Banner tone="warning" title={t("Permissions are missing")}>
      <BlockStack gap="200">
        <p>
          {t(
            "Shopify tells Muster nothing of this until you allow it. Open the app's permissions and approve what is new.",
          )}
        </p>
        <List>
          {lost.map(({ scope, lost: what }) => (
            <List.Item key={scope}>
              {what} ({scope})
            </List.Item>
          ))}
        </List>
      </BlockStack>
    </Banner>
  );
}

function Figures({ view }: { view: OverviewView }) {
  const reached = useReach().since === null;
  const { figures, lastDelivery } = view;
  return (
    <>
      {/* Nobody knows whether all is well when nothing could be read. */}
      {reached && view.health.tone === "success" && <Health health={view.health} readAt={view.readAt} />}
      <FigureStrip
        label={t("Totals")}
        figures={[
          { label: t("Profiles"), value: figures.profiles },
          { label: t("Orders"), value: figures.orders, detail: t("with cancelled and test orders") },
          {
            label: t("Webhooks received"),
            value: figures.deliveries,
            detail: lastDelivery && (
              <Sentence text="Last one {when}" parts={{ when: <Instant at={lastDelivery} relative /> }} />
            ),
          },
          { label: t("Waiting|how many"), value: figures.waiting, detail: view.waitingDetail },
        ]}
      />
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <SegmentsCard segments={view.segments} />
            {view.revenue && <RevenueCard revenue={view.revenue} />}
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <SpeedCard speed={view.speed} duplicates={view.duplicates} />
        </Layout.Section>
        <Layout.Section variant="fullWidth">
          <AudienceCards destinations={view.audiences} />
        </Layout.Section>
      </Layout>
    </>
  );
}

function Health({ health, readAt }: { health: HealthView; readAt: string }) {
  if (health.tone !== "success") {
    return (
      <Banner tone={health.tone} title={health.title}>
        <List>
          {health.matters.map(({ sentence, url }) => (
            <List.Item key={sentence}>{url === null ? sentence : <Link url={url}>{sentence}</Link>}</List.Item>
          ))}
        </List>
      </Banner>
    );
  }
  return (
    <Card>
      <InlineStack gap="200" align="space-between" blockAlign="center">
        <InlineStack gap="300" blockAlign="center">
          <Badge tone="success">{health.title}</Badge>
          <Text as="p" tone="subdued">
            {health.matters[0]?.sentence}
          </Text>
        </InlineStack>
        <Text as="p" variant="bodySm" tone="subdued" numeric>
          {t("As of {time}", { time: readAt })}
        </Text>
      </InlineStack>
    </Card>
  );
}
