import { useSearchParams } from "@remix-run/react";
import { Banner, BlockStack, Box, Tabs } from "@shopify/polaris";
import { type ReactNode, useDeferredValue, useEffect, useRef, useState } from "react";
import { AdminPage } from "../admin-page.tsx";
import { mayLeave } from "../save-bar.tsx";
import { PreviewCard } from "./preview-card.tsx";
import type { RecommendationsView } from "./recommendations-view.ts";
import { ResultsCards } from "./results-card.tsx";
import { RulesForm } from "./rules-form.tsx";
import { SettingsForm } from "./settings-form.tsx";
import { StorefrontCard } from "./storefront-card.tsx";
import { t } from "../../texts/text.ts";

/** What became of the last form. */
export type RecommendationsAnswered =
  | { outcome: "saved"; what: "rules" | "settings" }
  | { outcome: "refused"; what: "rules" | "settings"; reason: string }
  | { outcome: "unknown_shop" };

const TABS = [
  { id: "results", content: "Results" },
  { id: "preview", content: "Preview" },
  { id: "rules", content: "Rules" },
  { id: "settings", content: "Settings" },
  { id: "storefront", content: "Storefront" },
] as const;

/** What recommendations bring, what they show, and what decides that. */
export function RecommendationsPage({
  view,
  answered,
}: {
  view: RecommendationsView;
  answered: RecommendationsAnswered | undefined;
}) {
  const [parameters, setParameters] = useSearchParams();
  // It is shown at once; the address, by which it is found again, follows.
  const [selected, setSelected] = useState(() => placeOf(parameters.get("tab")));
  // The press is answered by the tab; a large form is drawn after that.
  const tab = TABS[useDeferredValue(selected)]?.id;
  const select = (place: number): void => {
    void mayLeave().then(() => {
      setSelected(place);
      setParameters({ tab: TABS[place]?.id ?? "" }, { replace: true, preventScrollReset: true });
    });
  };
  const answer = answered && answered.outcome !== "unknown_shop" && answered.what === tab && (
    <Answer to={answered}>
      {answered.outcome === "saved" ? (
        <Banner tone="success" title={t("Saved; lists follow within a minute")} />
      ) : (
        <Banner tone="critical" title={answered.reason} />
      )}
    </Answer>
  );
  return (
    <AdminPage title={t("Recommendations")} subtitle={t("What each customer is shown, why, and what it brings.")}>
      <BlockStack gap="400">
        <Tabs tabs={TABS.map(({ id, content }) => ({ id, content: t(content) }))} selected={selected} onSelect={select}>
          <Box paddingBlockStart="400">
            <BlockStack gap="400">
              {tab === "results" && <ResultsCards view={view} />}
              {tab === "preview" && <PreviewCard />}
              {tab === "rules" && (
                <RulesForm rules={view.rules} titles={view.titles} currency={view.currency} answer={answer} />
              )}
              {tab === "settings" && <SettingsForm settings={view.settings} answer={answer} />}
              {tab === "storefront" && <StorefrontCard view={view} />}
            </BlockStack>
          </Box>
        </Tabs>
      </BlockStack>
    </AdminPage>
  );
}

/** What came of a form: the bar that sent it is far from it, so it comes into view. */
function Answer({ to, children }: { to: RecommendationsAnswered; children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (to) place.current?.scrollIntoView({ block: "nearest" });
  }, [to]);
  return (
    <div ref={place} role="status">
      {children}
    </div>
  );
}

function placeOf(tab: string | null): number {
  return Math.max(
    0,
    TABS.findIndex(({ id }) => id === tab),
  );
}
