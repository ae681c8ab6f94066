import { Form, useNavigation } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { t } from "../../texts/text.ts";
import { AdminPage } from "../admin-page.tsx";
import { StatusBadge } from "../status-badge.tsx";
import { useLiveRefresh } from "../use-live-refresh.ts";
import type { ExportsView } from "./exports-view.ts";

const REFRESH_MS = 5_000;

/** Files of everybody in a segment: asked for, built, fetched. */
export function ExportsPage({ view }: { view: ExportsView }) {
  useLiveRefresh(REFRESH_MS);
  const busy = useNavigation().state === "submitting";
  return (
    <AdminPage
      title={t("Export {segment}", { segment: view.segment })}
      backAction={{ content: view.segment, url: `/app/segments/${view.segmentId}` }}
      narrowWidth
    >
      <BlockStack gap="400">
        <Card>
          <BlockStack gap="300">
            <Text as="p">
              {t(
                "A CSV file of everybody who is in the segment while it is built, with their consent and traits. It is kept sealed for seven days and goes when somebody in it is erased.",
              )}
            </Text>
            <Form method="post">
              <Button submit variant="primary" loading={busy} disabled={view.building}>
                {t("Build a file")}
              </Button>
            </Form>
          </BlockStack>
        </Card>
        {view.files.length === 0 && (
          <Text as="p" tone="subdued" alignment="center">
            {t("No file yet.")}
          </Text>
        )}
        {view.files.map(({ id, asked, figures, until, path }) => (
          <Card key={id}>
            <InlineStack align="space-between" blockAlign="center" gap="200">
              <BlockStack gap="050">
                <Text as="h2" variant="headingSm">
                  {asked}
                </Text>
                <Text as="p" tone="subdued" numeric>
                  {t("{figures}. Until {until}.", { figures, until })}
                </Text>
              </BlockStack>
              {path === null ? (
                <StatusBadge status={{ tone: "info", text: t("Being built") }} />
              ) : (
                <Button
                  url={path}
                  download
                  target="_blank"
                  accessibilityLabel={t("Download the file of {when}", { when: asked })}
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
