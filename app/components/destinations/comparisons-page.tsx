import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { AdminPage } from "../admin-page.tsx";
import type { ComparisonsView } from "./comparisons-view.ts";
import { t } from "../../texts/text.ts";
import { useLiveRefresh } from "../use-live-refresh.ts";

const REFRESH_MS = 5_000;

/** What the comparisons of an audience with its platform found, each with its date and a file of whom it names. */
export function ComparisonsPage({ view }: { view: ComparisonsView }) {
  const { destinationId, segment, comparisons } = view;
  useLiveRefresh(REFRESH_MS);
  return (
    <AdminPage
      title={t("Comparisons: {segment}", { segment })}
      subtitle={t("Those of the last 90 days. Each names up to 5,000 people for every reason.")}
      backAction={{ content: t("Connection"), url: `/app/destinations/${destinationId}` }}
      narrowWidth
    >
      <BlockStack gap="400">
        {comparisons.length === 0 && (
          <Text as="p" tone="subdued" alignment="center">
            {t("It has not been compared yet.")}
          </Text>
        )}
        {comparisons.map(({ id, at, figures, path }) => (
          <Card key={id}>
            <InlineStack align="space-between" blockAlign="center" gap="200">
              <BlockStack gap="050">
                <Text as="h2" variant="headingSm">
                  {at}
                </Text>
                <Text as="p" tone="subdued" numeric>
                  {figures}
                </Text>
              </BlockStack>
              {path !== null && (
                <Button
                  url={path}
                  download
                  target="_blank"
                  accessibilityLabel={t("Download who differed on {when}", { when: at })}
                >
                  {t("Download")}
                </Button>
              )}
            </InlineStack>
          </Card>
        ))}
      </BlockStack>
    </AdminPage>
  );
}
