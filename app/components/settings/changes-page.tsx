import { useSubmit } from "@remix-run/react";
import { BlockStack, Button, Card, InlineGrid, InlineStack, Select, Text } from "@shopify/polaris";
import { AdminPage } from "../admin-page.tsx";
import { ChangeList } from "./change-list.tsx";
import { type ChangeView, SUBJECT_NAMES } from "./change-view.ts";

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
    <AdminPage title="What staff changed" backAction={{ content: "Settings", url: "/app/settings" }}>
      <Card>
        <BlockStack gap="400">
          <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
            <Select
              label="What"
              options={[
                { label: "Everything", value: "" },
                ...Object.entries(SUBJECT_NAMES).map(([value, label]) => ({ value, label })),
              ]}
              value={asked.subject}
              onChange={(subject) => ask({ subject })}
            />
            <Select
              label="Who"
              options={[
                { label: "Everybody", value: "" },
                ...authors.map((author) => ({ label: author, value: author })),
              ]}
              value={asked.author}
              onChange={(author) => ask({ author })}
            />
          </InlineGrid>
          {changes.length === 0 ? (
            <Text as="p" tone="subdued">
              {narrowed ? "Nothing like this was changed." : "Nothing was changed yet."}
            </Text>
          ) : (
            <ChangeList changes={changes} />
          )}
          {older !== null && (
            <InlineStack align="center">
              <Button url={`/app/settings/changes?${new URLSearchParams({ ...asked, before: older })}`}>Older</Button>
            </InlineStack>
          )}
        </BlockStack>
      </Card>
    </AdminPage>
  );
}
