import { useNavigation, useSubmit } from "@remix-run/react";
import { Banner, BlockStack, Button, Card, InlineStack, Link, Text } from "@shopify/polaris";
import type { AutomationAnswer } from "../../jobs/automation-admin.server.ts";
import { t } from "../../texts/text.ts";
import { AdminPage } from "../admin-page.tsx";
import { NothingYet } from "../nothing-yet.tsx";
import { StatusBadge } from "../status-badge.tsx";
import { useLiveRefresh } from "../use-live-refresh.ts";
import type { AutomationRow, AutomationsView } from "./automations-view.ts";
import { RunsCard } from "./runs-card.tsx";
import { TagsNeed } from "./tags-need.tsx";

const REFRESH_MS = 5_000;

interface AutomationsPageProps {
  view: AutomationsView;
  answered: AutomationAnswer | undefined;
  /** The server's guess, until the browser knows. */
  phone: boolean;
}

/** What follows when somebody enters or leaves a segment, and what came of it. */
export function AutomationsPage({ view, answered, phone }: AutomationsPageProps) {
  useLiveRefresh(REFRESH_MS);
  const { segmentId, segmentName, automations, tagsNeed } = view;
  const create = { content: t("Add automation"), url: `/app/segments/${segmentId}/automations/new` };
  return (
    <AdminPage
      title={t("Automations")}
      subtitle={t(
        "What follows when somebody enters or leaves {segment}: once for each entry and exit. Corrections of the past fire nothing.",
        { segment: segmentName },
      )}
      backAction={{ content: segmentName, url: `/app/segments/${segmentId}` }}
      {...(automations.length > 0 && { primaryAction: create })}
    >
      <BlockStack gap="400">
        {answered?.outcome === "done" && <Banner tone="success" title={answered.words} />}
        {answered?.outcome === "refused" && <Banner tone="critical" title={answered.reason} />}
        {tagsNeed !== null && <TagsNeed words={tagsNeed} />}
        {automations.length === 0 ? (
          <Card>
            <NothingYet
              heading={t("Nothing follows yet")}
              action={create}
              sentence={t(
                "Send a signed webhook, put a tag on the customer or start a workflow in Shopify Flow, the moment somebody enters or leaves {segment}.",
                { segment: segmentName },
              )}
            />
          </Card>
        ) : (
          <>
            {automations.map((automation) => (
              <AutomationCard key={automation.id} automation={automation} />
            ))}
            <RunsCard view={view} phone={phone} />
          </>
        )}
      </BlockStack>
    </AdminPage>
  );
}

function AutomationCard({ automation }: { automation: AutomationRow }) {
  const { id, url, name, kind, what, status, active, ending, reason, standing } = automation;
  const submit = useSubmit();
  const { formData } = useNavigation();
  const intent = active ? "pause" : "resume";
  return (
    <Card>
      <BlockStack gap="200">
        <InlineStack align="space-between" blockAlign="start" gap="200">
          <BlockStack gap="050">
            <InlineStack gap="200" blockAlign="center">
              <Text as="h2" variant="headingSm" breakWord>
                <Link url={url} removeUnderline>
                  {name}
                </Link>
              </Text>
              <StatusBadge status={status} />
            </InlineStack>
            <Text as="p" tone="subdued" variant="bodySm">
              {kind}
            </Text>
          </BlockStack>
          {!ending && (
            <Button
              accessibilityLabel={active ? t("Pause {name}", { name }) : t("Resume {name}", { name })}
              loading={formData?.get("id") === String(id)}
              onClick={() => submit({ intent, id: String(id) }, { method: "post" })}
            >
              {active ? t("Pause") : t("Resume")}
            </Button>
          )}
        </InlineStack>
        <Text as="p" breakWord>
          {what}.
        </Text>
        {reason !== null && (
          <Text as="p" tone="critical">
            {reason}
          </Text>
        )}
        {standing !== "" && (
          <Text as="p" tone="subdued" numeric>
            {standing}
          </Text>
        )}
      </BlockStack>
    </Card>
  );
}
