import { Bleed, BlockStack, Card, DataTable, InlineStack, Link, Text } from "@shopify/polaris";
import { useState } from "react";
import { t } from "../../texts/text.ts";
import { AdminPage } from "../admin-page.tsx";
import { StatusBadge } from "../status-badge.tsx";
import { useLiveRefresh } from "../use-live-refresh.ts";
import { overlapUrl } from "./overlap-url.ts";
import { RemovedCard } from "./removed-card.tsx";
import { SizeLine } from "./size-line.tsx";
import { SizeModal } from "./size-modal.tsx";
import type { SegmentsView } from "./segments-view.ts";

const REFRESH_MS = 5_000;

export function SegmentsPage({ view }: { view: SegmentsView }) {
  useLiveRefresh(REFRESH_MS);
  const [opened, setOpened] = useState<number | null>(null);
  const shown = view.rows.find(({ id }) => id === opened);
  const headings = [t("Segment"), t("Members"), t("Entered|how many"), t("Left|how many")];
  return (
    <AdminPage
      title={t("Segments")}
      subtitle={t(
        "Who is in is true at this moment, and changes the moment the answer does. Entered and left: in the last 24 hours. The lines show 30 days.",
      )}
      primaryAction={{ content: t("Create segment"), url: "/app/segments/library" }}
      secondaryActions={[
        { content: t("Overlap"), url: overlapUrl([]) },
        { content: t("Rule language"), url: "/app/segments/language" },
      ]}
    >
      <BlockStack gap="400">
        <Card>
          <Bleed marginInline="300" marginBlock="200">
            <DataTable
              columnContentTypes={["text", "numeric", "numeric", "numeric"]}
              headings={headings.map((heading) => (
                <Text key={heading} as="span" variant="bodySm" tone="subdued" fontWeight="medium">
                  {heading}
                </Text>
              ))}
              rows={view.rows.map(
                ({
                  id,
                  url,
                  name,
                  words,
                  text,
                  members,
                  line,
                  entered,
                  left,
                  state,
                  behind,
                  review,
                  schedule,
                  audiences,
                }) => [
                  // On a phone what does not fit beside the figures stands below the name.
                  <div key={id} style={{ maxWidth: "min(34rem, 36vw)", whiteSpace: "normal" }}>
                    <BlockStack gap="100">
                      <Link url={url} removeUnderline>
                        <Text as="span" fontWeight="medium">
                          {name}
                        </Text>
                      </Link>
                      <Text as="span" tone="subdued" variant="bodySm" breakWord>
                        {words ?? <span translate="no">{text}</span>}
                      </Text>
                      <InlineStack gap="100">
                        <StatusBadge status={state} />
                        {review && (
                          <Link url={`${url}#review`} accessibilityLabel={`${review.text}: ${name}`} removeUnderline>
                            <StatusBadge status={review} />
                          </Link>
                        )}
                        {schedule && (
                          <Link url={url} accessibilityLabel={`${name}: ${schedule.text}`} removeUnderline>
                            <StatusBadge status={schedule} />
                          </Link>
                        )}
                        {audiences.map((audience) => (
                          <StatusBadge key={audience.text} status={audience} />
                        ))}
                      </InlineStack>
                      {behind.length > 0 && (
                        <Text as="span" tone="subdued" variant="bodySm">
                          {behind.join(". ")}.
                        </Text>
                      )}
                    </BlockStack>
                  </div>,
                  <BlockStack key="members" gap="100" inlineAlign="end">
                    <Text as="span" numeric>
                      {members}
                    </Text>
                    {line && <SizeLine segment={name} line={line} onOpen={() => setOpened(id)} />}
                  </BlockStack>,
                  ...[entered, left].map((figure, column) => (
                    <Text key={column} as="span" numeric>
                      {figure}
                    </Text>
                  )),
                ],
              )}
            />
          </Bleed>
        </Card>
        {shown?.line && <SizeModal segment={shown.name} line={shown.line} onClose={() => setOpened(null)} />}
        {view.removed.length > 0 && <RemovedCard removed={view.removed} />}
      </BlockStack>
    </AdminPage>
  );
}
