import { useSubmit } from "@remix-run/react";
import { BlockStack, Box, Card, InlineGrid, Select, Text } from "@shopify/polaris";
import { t } from "../../texts/text.ts";
import { AdminPage } from "../admin-page.tsx";
import { authorWords } from "../author-words.ts";
import { NothingYet } from "../nothing-yet.tsx";
import { type RecordColumns, RecordTable } from "../record-table.tsx";
import { Instant } from "../shown-instant.tsx";
import { useComingSearch } from "../use-coming-search.ts";
import { Differences } from "./change-list.tsx";
import { type ChangeView, subjectChoices } from "./change-view.ts";

export interface ChangesView {
  asked: { subject: string; author: string };
  changes: ChangeView[];
  authors: string[];
  pages: { previous: string | null; next: string | null };
}

/** Everything staff changed, the newest first. @param phone the server's guess, until the browser knows */
export function ChangesPage({ view, phone }: { view: ChangesView; phone: boolean }) {
  const { changes, authors, pages } = view;
  const submit = useSubmit();
  const coming = useComingSearch();
  const asked = coming
    ? { subject: coming.get("subject") ?? "", author: coming.get("author") ?? "" }
    : { subject: view.asked.subject, author: view.asked.author };
  const ask = (given: Partial<typeof asked>): void => {
    const next = Object.entries({ ...asked, ...given }).filter(([, value]) => value !== "");
    submit(Object.fromEntries(next), { action: "/app/settings/changes", replace: true });
  };
  const narrowed = view.asked.subject !== "" || view.asked.author !== "";
  return (
    <AdminPage title={t("What staff changed")} backAction={{ content: t("Settings"), url: "/app/settings" }}>
      <Card padding="0">
        <Box padding="300">
          <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
            <Select
              label={t("What")}
              options={[{ label: t("Everything"), value: "" }, ...subjectChoices()]}
              value={asked.subject}
              onChange={(subject) => ask({ subject })}
            />
            <Select
              label={t("Who")}
              options={[
                { label: t("Everybody"), value: "" },
                ...authors.map((author) => ({ label: authorWords(author), value: author })),
              ]}
              value={asked.author}
              onChange={(author) => ask({ author })}
            />
          </InlineGrid>
        </Box>
        {changes.length === 0 ? (
          <NothingYet
            heading={narrowed ? t("Nothing like this was changed") : t("Nothing was changed yet")}
            sentence={t("Segments, automations, destinations, recommendations, keys and settings, with who did it.")}
          />
        ) : (
          <RecordTable
            names={{ singular: t("change|one of several"), plural: t("changes|several") }}
            columns={columns()}
            rows={changes}
            phone={phone}
            loading={coming !== null}
            pages={{ ...pages, label: t("Pages of changes") }}
          />
        )}
      </Card>
    </AdminPage>
  );
}

const columns = (): RecordColumns<ChangeView> => [
  {
    title: t("What"),
    width: "12rem",
    cell: ({ what }) => (
      <Text as="span" fontWeight="semibold">
        {what}
      </Text>
    ),
  },
  {
    title: t("Before and after"),
    width: "14rem",
    cell: ({ differences }) =>
      differences.length > 0 && (
        <BlockStack gap="050">
          <Differences of={differences} />
        </BlockStack>
      ),
  },
  { title: t("Who"), width: "6rem", onPhone: "titled", cell: ({ who }) => who },
  { title: t("When"), onPhone: "titled", cell: ({ at }) => <Instant at={at} /> },
];
