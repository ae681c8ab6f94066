import { useFetcher, useNavigate } from "@remix-run/react";
import { Banner, BlockStack, Card, InlineStack, Layout, Pagination, Tabs, Text as Words } from "@shopify/polaris";
import { type ComponentRef, useEffect, useRef, useState } from "react";
import type { DecisionAnswer, PairDecision } from "../../profile/duplicates/decide-pair.server.ts";
import type { ReviewView } from "../../profile/duplicates/review-store.server.ts";
import { AdminPage } from "../admin-page.tsx";
import { AutomaticCard } from "./automatic-card.tsx";
import { duplicatesUrl } from "./duplicates-url.ts";
import type { DuplicatesView, PairView } from "./duplicates-view.ts";
import { PairCard } from "./pair-card.tsx";
import { t, type Text } from "../../texts/text.ts";

const TABS = [
  { id: "open", content: "To review", empty: "No two customers look like one person." },
  { id: "merged", content: "Merged", empty: "Nobody was merged here." },
  { id: "not_same", content: "Not the same", empty: "You have kept nobody apart." },
] as const satisfies readonly { id: ReviewView; content: Text; empty: Text }[];

interface Decided {
  pair: PairView;
  decision: PairDecision;
}

export function DuplicatesPage({ view }: { view: DuplicatesView }) {
  const navigate = useNavigate();
  const fetcher = useFetcher<DecisionAnswer>();
  const [asked, setAsked] = useState<Decided | null>(null);
  const banner = useRef<ComponentRef<typeof Banner>>(null);
  const tab = TABS.findIndex(({ id }) => id === view.view);
  const busy = fetcher.state !== "idle";
  const answer = busy ? undefined : fetcher.data;

  // The pair that was decided is gone from the list, and the focus with it.
  useEffect(() => {
    if (answer) banner.current?.focus();
  }, [answer]);

  const decide = (pair: PairView, decision: PairDecision): void => {
    setAsked({ pair, decision });
    fetcher.submit({ decision, low: pair.low, high: pair.high }, { method: "post" });
  };
  return (
    <AdminPage
      title={t("Duplicates")}
      subtitle={t("Customers who are likely one person. Merging joins them here; nothing changes in Shopify.")}
      backAction={{ content: t("Data"), url: "/app/data" }}
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            {answer && asked && (
              <Banner
                ref={banner}
                tone={answer.outcome === "decided" ? "success" : "warning"}
                {...undoOf(answer, asked, decide)}
              >
                {answerWords(answer, asked)}
              </Banner>
            )}
            <Card padding="0">
              <Tabs
                tabs={TABS.map(({ id, content }) => ({
                  id,
                  content: id === "open" && view.waiting > 0 ? `${t(content)} (${view.waiting})` : t(content),
                }))}
                selected={tab}
                onSelect={(place) => navigate(duplicatesUrl({ ...view, view: TABS[place]?.id ?? "open" }))}
              />
            </Card>
            {view.customerId !== null && (
              <Banner
                tone="info"
                action={{ content: t("Show everybody’s"), url: duplicatesUrl({ ...view, customerId: null }) }}
              >
                {t("Only pairs of customer {id} are shown.", { id: view.customerId })}
              </Banner>
            )}
            {view.pairs.length === 0 && (
              <Card>
                <Words as="p" alignment="center" tone="subdued">
                  {t(
                    view.previous !== null
                      ? "There is nothing on this page any more."
                      : (TABS[tab]?.empty ?? TABS[0].empty),
                  )}
                </Words>
              </Card>
            )}
            {view.pairs.map((pair) => (
              <PairCard
                key={pair.key}
                pair={pair}
                view={view.view}
                busy={busy && asked?.pair.key === pair.key ? asked.decision : null}
                disabled={busy}
                onDecide={decide}
              />
            ))}
            {(view.previous !== null || view.next !== null) && (
              <InlineStack align="center">
                <Pagination
                  hasPrevious={view.previous !== null}
                  hasNext={view.next !== null}
                  {...(view.previous !== null && { previousURL: view.previous })}
                  {...(view.next !== null && { nextURL: view.next })}
                  accessibilityLabel={t("Pages of pairs")}
                />
              </InlineStack>
            )}
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <AutomaticCard key={view.automaticFrom} from={view.automaticFrom} learned={view.learned} />
        </Layout.Section>
      </Layout>
    </AdminPage>
  );
}

function undoOf(
  answer: DecisionAnswer,
  { pair, decision }: Decided,
  decide: (pair: PairView, decision: PairDecision) => void,
) {
  if (answer.outcome !== "decided" || decision === "undo") return {};
  return { action: { content: t("Undo"), onAction: () => decide(pair, "undo") } };
}

function answerWords({ outcome }: DecisionAnswer, { pair: { names }, decision }: Decided): string {
  switch (outcome) {
    case "decided":
      if (decision === "merge") return t("{low} and {high} are one profile now.", names);
      return decision === "undo"
        ? t("{low} and {high} are as they were before.", names)
        : t("{low} and {high} stay two profiles.", names);
    case "nothing_to_do":
      return t("{low} and {high} were decided about already.", names);
    case "unknown_customer":
      return t("One of {low} and {high} was deleted meanwhile. Nothing was changed.", names);
  }
}
