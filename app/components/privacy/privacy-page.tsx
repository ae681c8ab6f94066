import { BlockStack, Card, InlineStack, Link, Text } from "@shopify/polaris";
import { AdminPage } from "../admin-page.tsx";
import { NothingYet } from "../nothing-yet.tsx";
import { Instant } from "../shown-instant.tsx";
import { useLiveRefresh } from "../use-live-refresh.ts";
import { StatusBadge } from "../status-badge.tsx";
import { DownloadButton } from "./download-button.tsx";
import type { PrivacyView, RequestView } from "./privacy-view.ts";
import { t } from "../../texts/text.ts";
import { Sentence } from "../text.tsx";

const REFRESH_MS = 3_000;

export function PrivacyPage({ view: { requests } }: { view: PrivacyView }) {
  useLiveRefresh(REFRESH_MS);
  return (
    <AdminPage
      title={t("Privacy")}
      subtitle={t(
        "What customers asked for, through Shopify or through you. The law gives 30 days; it normally takes a minute.",
      )}
    >
      {requests.length === 0 ? (
        <Card>
          <NothingYet
            heading={t("Nobody has asked for anything yet")}
            sentence={t(
              "When a customer asks your shop for their data, or to be erased, Shopify passes it on and it is done here by itself. You can ask on a customer’s profile too.",
            )}
          />
        </Card>
      ) : (
        <BlockStack gap="400">
          {requests.map((request) => (
            <RequestCard key={request.id} request={request} />
          ))}
        </BlockStack>
      )}
    </AdminPage>
  );
}

function RequestCard({ request }: { request: RequestView }) {
  const { kind, from, status, detail, received, due, done, profileUrl, exportUrl, proof } = request;
  return (
    <Card>
      <BlockStack gap="200">
        <InlineStack align="space-between" blockAlign="start" gap="200">
          <BlockStack gap="050">
            <Text as="h2" variant="headingSm">
              {kind}
            </Text>
            <Text as="p" tone="subdued">
              <Sentence text={from} parts={{ when: <Instant at={received} /> }} />
            </Text>
          </BlockStack>
          <StatusBadge status={status} />
        </InlineStack>
        <Text as="p">{detail}</Text>
        {due && (
          <Text as="p" tone="subdued">
            <Sentence text="Due {when}" parts={{ when: <Instant at={due} /> }} />
          </Text>
        )}
        {done && (
          <Text as="p" tone="subdued">
            <Sentence text="Done {when}" parts={{ when: <Instant at={done} /> }} />
          </Text>
        )}
        {proof && (
          <Text as="p" variant="bodySm" tone="subdued" breakWord>
            {t("Proof {proof}", { proof })}
          </Text>
        )}
        {(exportUrl ?? profileUrl) && (
          <InlineStack gap="300" blockAlign="center">
            {exportUrl && <DownloadButton url={exportUrl} />}
            {profileUrl && <Link url={profileUrl}>{t("Open the profile")}</Link>}
          </InlineStack>
        )}
      </BlockStack>
    </Card>
  );
}
