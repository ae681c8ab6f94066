import { useNavigation, useSubmit } from "@remix-run/react";
import { Badge, BlockStack, Box, Card, InlineGrid, Scrollable, Text } from "@shopify/polaris";
import { useState } from "react";
import { AdminPage } from "../admin-page.tsx";
import { Instant } from "../shown-instant.tsx";
import type { OneDeadLetterView } from "./dead-letters-view.ts";
import { DiscardModal } from "./discard-modal.tsx";
import { t } from "../../texts/text.ts";

const LIST = "/app/data/dead-letters";

/** One delivery that could not be understood, with its bytes as text. */
export function DeadLetterPage({ letter }: { letter: OneDeadLetterView }) {
  const submit = useSubmit();
  const busy = useNavigation().state !== "idle";
  const [discarding, setDiscarding] = useState(false);
  const decide = (decision: "replay" | "discard"): void => submit({ decision }, { method: "post" });
  return (
    <AdminPage
      title={letter.topic}
      subtitle={letter.reason}
      titleMetadata={letter.waiting && <Badge tone="info">{t("Being read")}</Badge>}
      backAction={{ content: t("Deliveries set aside"), url: LIST }}
      primaryAction={{ content: t("Replay"), disabled: busy || letter.waiting, onAction: () => decide("replay") }}
      secondaryActions={[
        {
          content: t("Discard"),
          destructive: true,
          disabled: busy || letter.waiting,
          onAction: () => setDiscarding(true),
        },
      ]}
    >
      <BlockStack gap="400">
        <Card>
          <InlineGrid columns={{ xs: 1, sm: 2, md: 3 }} gap="300">
            <Fact label={t("Received")}>
              <Instant at={letter.received} />
            </Fact>
            <Fact label={t("Last read")}>
              <Instant at={letter.last} />
            </Fact>
            <Fact label={t("Times read")}>{letter.attempts}</Fact>
            <Fact label={t("Size")}>{letter.size}</Fact>
            {letter.facts.map(({ label, value }) => (
              <Fact key={label} label={label}>
                {value}
              </Fact>
            ))}
          </InlineGrid>
        </Card>
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              {t("What was delivered")}
            </Text>
            {letter.note !== null && (
              <Text as="p" tone="subdued">
                {letter.note}
              </Text>
            )}
            {letter.body !== "" && (
              <Box background="bg-surface-secondary" borderRadius="200" padding="300">
                <Scrollable focusable style={{ maxHeight: "60vh" }}>
                  <pre translate="no" style={{ margin: 0, whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
                    {letter.body}
                  </pre>
                </Scrollable>
              </Box>
            )}
          </BlockStack>
        </Card>
      </BlockStack>
      {discarding && (
        <DiscardModal
          topic={letter.topic}
          busy={busy}
          onDiscard={() => decide("discard")}
          onClose={() => setDiscarding(false)}
        />
      )}
    </AdminPage>
  );
}

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <BlockStack>
      <Text as="span" variant="bodySm" tone="subdued">
        {label}
      </Text>
      <Text as="span" breakWord>
        {children}
      </Text>
    </BlockStack>
  );
}
