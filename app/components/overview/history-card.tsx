import { Form, useNavigation } from "@remix-run/react";
import { Badge, Banner, BlockStack, Button, Card, InlineStack, List, ProgressBar, Text } from "@shopify/polaris";
import { t } from "../../texts/text.ts";
import type { HistoryView } from "./history-view.ts";

/** How far the reading of the time before the installation is, what is missing of it, and the way to start it again. */
export function HistoryCard({ history }: { history: HistoryView }) {
  const starting = useNavigation().formData?.get("intent") === "read-history-again";
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd" id="history">
            {history.title}
          </Text>
          {history.state === "done" && <Badge tone="success">{t("Complete")}</Badge>}
        </InlineStack>
        {history.state === "under way" && (
          <ProgressBar progress={history.percent} size="small" ariaLabelledBy="history" animated={false} />
        )}
        {history.errors.length > 0 && (
          <Banner tone="critical" title={t("Shopify did not give everything")}>
            <BlockStack gap="200" inlineAlign="start">
              <List>
                {history.errors.map((error) => (
                  <List.Item key={error}>{error}</List.Item>
                ))}
              </List>
              <Form method="post">
                <input type="hidden" name="intent" value="read-history-again" />
                <Button submit loading={starting}>
                  {t("Start again")}
                </Button>
              </Form>
            </BlockStack>
          </Banner>
        )}
        <Text as="p" numeric>
          {history.progress}
        </Text>
        {history.remarks.map((remark) => (
          <Text key={remark} as="p" tone="subdued">
            {remark}
          </Text>
        ))}
      </BlockStack>
    </Card>
  );
}
