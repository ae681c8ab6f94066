import { BlockStack, Card } from "@shopify/polaris";
import { useState } from "react";
import { t } from "../../texts/text.ts";
import { AdminPage } from "../admin-page.tsx";
import { NothingYet } from "../nothing-yet.tsx";
import { useLiveRefresh } from "../use-live-refresh.ts";
import { overlapUrl } from "./overlap-url.ts";
import { RemovedCard } from "./removed-card.tsx";
import { SegmentsTable } from "./segments-table.tsx";
import { SizeModal } from "./size-modal.tsx";
import type { SegmentsView } from "./segments-view.ts";

const REFRESH_MS = 5_000;

/** @param phone the server's guess, until the browser knows. */
export function SegmentsPage({ view, phone }: { view: SegmentsView; phone: boolean }) {
  useLiveRefresh(REFRESH_MS);
  const [opened, setOpened] = useState<number | null>(null);
  const shown = view.rows.find(({ id }) => id === opened);
  return (
    <AdminPage
      title={t("Segments")}
      {...(view.rows.length > 0 && {
        subtitle: t("True at this moment. Entered and left: in the last 24 hours. The lines show 30 days."),
      })}
      primaryAction={{ content: t("Create segment"), url: "/app/segments/library" }}
      secondaryActions={[
        { content: t("Overlap"), url: overlapUrl([]) },
        { content: t("Rule language"), url: "/app/segments/language" },
      ]}
    >
      <BlockStack gap="400">
        <Card padding="0">
          {view.rows.length === 0 ? (
            <NothingYet
              heading={t("No segments yet")}
              sentence={t(
                "A segment is a rule about your customers; whoever it is true for is in it, at every moment.",
              )}
              action={{ content: t("Create segment"), url: "/app/segments/library" }}
            />
          ) : (
            <SegmentsTable rows={view.rows} phone={phone} onDays={setOpened} />
          )}
        </Card>
        {shown?.line && <SizeModal segment={shown.name} line={shown.line} onClose={() => setOpened(null)} />}
        {view.removed.length > 0 && <RemovedCard removed={view.removed} />}
      </BlockStack>
    </AdminPage>
  );
}
