import { BlockStack, Card, Link, Text } from "@shopify/polaris";
import { AdminPage } from "../admin-page.tsx";
import { NothingYet } from "../nothing-yet.tsx";
import { type RecordColumns, RecordTable } from "../record-table.tsx";
import { Instant } from "../shown-instant.tsx";
import { useLiveRefresh } from "../use-live-refresh.ts";
import { StatusBadge } from "../status-badge.tsx";
import { DownloadButton } from "./download-button.tsx";
import type { PrivacyView, RequestView } from "./privacy-view.ts";
import { t } from "../../texts/text.ts";
import { Sentence } from "../text.tsx";

const REFRESH_MS = 3_000;

/** What customers asked for by law, and what became of it. @param phone the server's guess, until the browser knows */
export function PrivacyPage({ view: { requests }, phone }: { view: PrivacyView; phone: boolean }) {
  useLiveRefresh(REFRESH_MS);
  return (
    <AdminPage
      title={t("Privacy")}
      subtitle={t(
        "What customers asked for, through Shopify or through you. The law gives 30 days; it normally takes a minute.",
      )}
    >
      <Card padding="0">
        {requests.length === 0 ? (
          <NothingYet
            heading={t("Nobody has asked for anything yet")}
            sentence={t(
              "When a customer asks your shop for their data, or to be erased, Shopify passes it on and it is done here by itself. You can ask on a customer’s profile too.",
            )}
          />
        ) : (
          <RecordTable
            names={{ singular: t("request|one of several"), plural: t("requests|several") }}
            columns={columns()}
            rows={requests}
            phone={phone}
          />
        )}
      </Card>
    </AdminPage>
  );
}

const columns = (): RecordColumns<RequestView> => [
  {
    title: t("Request"),
    width: "9rem",
    cell: ({ kind }) => (
      <Text as="span" fontWeight="semibold">
        {kind}
      </Text>
    ),
  },
  { title: t("State|of a record"), onPhone: "beside", cell: ({ status }) => <StatusBadge status={status} /> },
  {
    title: t("Asked for"),
    width: "8rem",
    onPhone: "titled",
    cell: ({ from, received }) => <Sentence text={from} parts={{ when: <Instant at={received} /> }} />,
  },
  {
    title: t("Deadline"),
    width: "8rem",
    cell: ({ due, done }) =>
      done ? (
        <Sentence text="Done {when}" parts={{ when: <Instant at={done} /> }} />
      ) : (
        due && <Sentence text="Due {when}" parts={{ when: <Instant at={due} /> }} />
      ),
  },
  {
    title: t("What came of it"),
    width: "14rem",
    cell: ({ detail, proof }) => (
      <BlockStack gap="050">
        <Text as="span">{detail}</Text>
        {proof && (
          <Text as="span" variant="bodySm" tone="subdued" breakWord>
            {t("Proof {proof}", { proof })}
          </Text>
        )}
      </BlockStack>
    ),
  },
  {
    title: t("Action|column"),
    onPhone: "last",
    cell: ({ exportUrl, profileUrl }) =>
      (exportUrl ?? profileUrl) && (
        <BlockStack gap="100" inlineAlign="start">
          {exportUrl && <DownloadButton url={exportUrl} />}
          {profileUrl && <Link url={profileUrl}>{t("Open the profile")}</Link>}
        </BlockStack>
      ),
  },
];
