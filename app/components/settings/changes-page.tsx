import { useSubmit } from "@remix-run/react";
import { BlockStack, Button, Card, InlineGrid, InlineStack, Select, Text } from "@shopify/polaris";
import { t } from "../../texts/text.ts";
import { AdminPage } from "../admin-page.tsx";
import { authorWords } from "../author-words.ts";
import { ChangeList } from "./change-list.tsx";
import { type ChangeView, subjectChoices } from "./change-view.ts";

export interface ChangesView {
  asked: { subject: string; author: string };
  changes: ChangeView[];
  authors: string[];
  /** Where the log goes on; null: that was all. */
  older: string | null;
}

/** Everything staff changed, the newest first. */
export function ChangesPage({ view: { asked, changes, authors, older } }: { view: ChangesView }) {
  const submit = useSubmit();
  const ask = (given: Partial<typeof asked>): void => {
    const next = Object.entries({ ...asked, ...given }).filter(([, value]) => value !== "");
    submit(Object.fromEntries(next), { action: "/app/settings/changes", replace: true });
  };
  const narrowed = asked.subject !== "" || asked.author !== "";
  return (
    <AdminPage title={t("What staff changed")} backAction={{ content: t("Settings"), url: "/app/settings" }}>
      <Card>
        <BlockStack gap="400">
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
          {changes.length === 0 ? (
            <Text as="p" tone="subdued">
              {narrowed ? t("Nothing like this was changed.") : t("Nothing was changed yet.")}
            </Text>
          ) : (
            <ChangeList changes={changes} heading="h2" />
          )}
          {older !== null && (
            <InlineStack align="center">
              <Button url={`/app/settings/changes?${new URLSearchParams({ ...asked, before: older })}`}>
                {t("Older")}
              </Button>
            </InlineStack>
          )}
        </BlockStack>
      </Card>
    </AdminPage>
  );
}
