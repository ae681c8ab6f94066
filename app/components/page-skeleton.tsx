import {
  BlockStack,
  Card,
  InlineGrid,
  Layout,
  SkeletonBodyText,
  SkeletonDisplayText,
  SkeletonPage,
} from "@shopify/polaris";
import { t, type Text } from "../texts/text.ts";

/** The outline of the page at `path`, with its parts where they will be. */
export function PageSkeleton({ path }: { path: string }) {
  const page = path.replace(/\/$/, "");
  if (page === "/app") return <OverviewSkeleton />;
  if (page === "/app/destinations") return <CardsSkeleton title="Destinations" />;
  if (page.startsWith("/app/destinations/")) return <CardsSkeleton title="Connection" />;
  if (page === "/app/data") return <CardsSkeleton title="Data" />;
  if (page === "/app/data/api-keys") return <CardsSkeleton title="API keys" />;
  if (page === "/app/data/duplicates") return <CardsSkeleton title="Duplicates" />;
  if (page.startsWith("/app/data/dead-letters")) return <CardsSkeleton title="Deliveries set aside" />;
  if (page === "/app/segments") return <CardsSkeleton title="Segments" />;
  if (page === "/app/segments/library") return <CardsSkeleton title="Create segment" />;
  if (page === "/app/segments/overlap") return <CardsSkeleton title="Overlap of segments" />;
  if (page === "/app/segments/language") return <CardsSkeleton title="Rule language" />;
  if (page === "/app/segments/new") return <CardsSkeleton title="New segment" fullWidth />;
  if (page.endsWith("/automations")) return <CardsSkeleton title="Automations" />;
  if (page.includes("/automations/")) return <CardsSkeleton title="Automation" />;
  if (page.startsWith("/app/segments/")) return <CardsSkeleton title="Segment" fullWidth />;
  if (page === "/app/recommendations") return <CardsSkeleton title="Recommendations" />;
  if (page === "/app/content") return <CardsSkeleton title="Content" />;
  if (page === "/app/content/feeds") return <CardsSkeleton title="Feeds" />;
  if (page === "/app/content/new") return <CardsSkeleton title="New block" />;
  if (page.startsWith("/app/content/")) return <CardsSkeleton title="Block" />;
  if (page === "/app/settings") return <CardsSkeleton title="Settings" />;
  if (page === "/app/settings/retention") return <CardsSkeleton title="What is kept how long" />;
  if (page === "/app/settings/changes") return <CardsSkeleton title="What staff changed" />;
  if (page === "/app/privacy") return <CardsSkeleton title="Privacy" />;
  return page === "/app/profiles" ? <ProfilesSkeleton /> : <ProfileSkeleton />;
}

function CardsSkeleton({ title, fullWidth = false }: { title: Text; fullWidth?: boolean }) {
  return (
    <SkeletonPage title={t(title)} fullWidth={fullWidth}>
      <BlockStack gap="400">
        <CardSkeleton lines={4} />
        <CardSkeleton lines={4} />
      </BlockStack>
    </SkeletonPage>
  );
}

function OverviewSkeleton() {
  return (
    <SkeletonPage title={t("Overview")}>
      <BlockStack gap="400">
        <CardSkeleton lines={1} />
        <FiguresSkeleton />
        <Layout>
          <Layout.Section>
            <CardSkeleton lines={5} />
          </Layout.Section>
          <Layout.Section variant="oneThird">
            <CardSkeleton lines={8} />
          </Layout.Section>
          <Layout.Section variant="fullWidth">
            <InlineGrid columns={{ xs: 1, md: 2 }} gap="400">
              <CardSkeleton lines={9} />
              <CardSkeleton lines={9} />
            </InlineGrid>
          </Layout.Section>
        </Layout>
      </BlockStack>
    </SkeletonPage>
  );
}

function ProfilesSkeleton() {
  return (
    <SkeletonPage title={t("Profiles")} fullWidth>
      <CardSkeleton lines={12} />
    </SkeletonPage>
  );
}

function ProfileSkeleton() {
  return (
    <SkeletonPage backAction>
      <BlockStack gap="400">
        <FiguresSkeleton />
        <Layout>
          <Layout.Section>
            <BlockStack gap="400">
              <CardSkeleton lines={3} />
              <CardSkeleton lines={8} />
            </BlockStack>
          </Layout.Section>
          <Layout.Section variant="oneThird">
            <CardSkeleton lines={5} />
          </Layout.Section>
        </Layout>
      </BlockStack>
    </SkeletonPage>
  );
}

function FiguresSkeleton() {
  return (
    <Card>
      <InlineGrid columns={{ xs: 2, md: 4 }} gap="400">
        {[1, 2, 3, 4].map((figure) => (
          <BlockStack key={figure} gap="200">
            <SkeletonBodyText lines={1} />
            <SkeletonDisplayText size="small" />
          </BlockStack>
        ))}
      </InlineGrid>
    </Card>
  );
}

function CardSkeleton({ lines }: { lines: number }) {
  return (
    <Card>
      <BlockStack gap="400">
        <SkeletonDisplayText size="small" />
        <SkeletonBodyText lines={lines} />
      </BlockStack>
    </Card>
  );
}
