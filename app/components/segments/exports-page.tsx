import { Form, useNavigation } from "@remix-run/react";
import { BlockStack, Button, Card, Text } from "@shopify/polaris";
import { t } from "../../texts/text.ts";
import { AdminPage } from "../admin-page.tsx";
import { NothingYet } from "../nothing-yet.tsx";
import { type RecordColumns, RecordTable } from "../record-table.tsx";
import { StatusBadge } from "../status-badge.tsx";
import { useLiveRefresh } from "../use-live-refresh.ts";
import type { ExportsView } from "./exports-view.ts";

const REFRESH_MS = 5_000;

/** Files of everybody in a segment: asked for, built, fetched. @param phone the server's guess, until the browser knows */
export function ExportsPage({ view, phone }: { view: ExportsView; phone: boolean }) {
  useLiveRefresh(REFRESH_MS);
  const busy = useNavigation().state === "submitting";
  return (
    <AdminPage
      title={t("Export {segment}", { segment: view.segment })}
      backAction={{ content: view.segment, url: `/app/segments/${view.segmentId}` }}
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
        <Card padding="0">
          {view.files.length === 0 ? (
            <NothingYet
              heading={t("No file yet")}
              sentence={t("Files that are built stand here until they go, with how many people are in each.")}
            />
          ) : (
            <RecordTable
              names={{ singular: t("file|one of several"), plural: t("files|several") }}
              columns={columns()}
              rows={view.files}
              phone={phone}
            />
          )}
        </Card>
      </BlockStack>
    </AdminPage>
  );
}

const columns = (): RecordColumns<ExportsView["files"][number]> => [
  {
    title: t("Asked for"),
    cell: ({ asked }) => (
      <Text as="span" fontWeight="semibold">
        {asked}
      </Text>
    ),
  },
  { title: t("People"), figure: true, onPhone: "titled", cell: ({ people }) => people },
  { title: t("Size|of a file"), figure: true, onPhone: "titled", cell: ({ size }) => size },
  { title: t("Kept until"), onPhone: "titled", cell: ({ until }) => until },
  {
    title: t("File|column"),
    onPhone: "beside",
    cell: ({ asked, path }) =>
      path === null ? (
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
      ),
  },
];
