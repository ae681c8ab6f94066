import { useNavigation, useSubmit } from "@remix-run/react";
import { Banner, BlockStack, Card, Checkbox, Layout, ProgressBar, Text } from "@shopify/polaris";
import { useState } from "react";
import type { AutomationAnswer } from "../../jobs/automation-admin.server.ts";
import { t, tn } from "../../texts/text.ts";
import { AdminModal } from "../admin-modal.tsx";
import { AdminPage } from "../admin-page.tsx";
import { ShownOnce } from "../shown-once.tsx";
import { StatusBadge } from "../status-badge.tsx";
import { useLiveRefresh } from "../use-live-refresh.ts";
import { AutomationForm } from "./automation-form.tsx";
import type { AutomationView } from "./automation-view.ts";
import { FlowCard, MessageCard, SecretCard, secretWords } from "./kind-cards.tsx";
import { TestCard } from "./test-card.tsx";

const REFRESH_MS = 5_000;

/** One automation: what it does, a sample of it, and its end. */
export function AutomationPage({ view, answered }: { view: AutomationView; answered: AutomationAnswer | undefined }) {
  const [deleting, setDeleting] = useState(false);
  const [taking, setTaking] = useState(false);
  const submit = useSubmit();
  const navigation = useNavigation();
  const intent = navigation.formData?.get("intent");
  const list = `/app/segments/${view.segmentId}/automations`;
  const back = { content: t("Automations of {segment}", { segment: view.segmentName }), url: list };
  if (view.id === 0 && answered?.outcome === "saved" && answered.secret !== null) {
    return (
      <AdminPage
        title={t("The automation is active")}
        backAction={back}
        primaryAction={{ content: t("Open the automation"), url: `${list}/${answered.id}` }}
        narrowWidth
      >
        <BlockStack gap="400">
          <ShownOnce
            title={t("Its signing secret")}
            label={t("Signing secret")}
            words={secretWords()}
            secret={answered.secret}
          />
          {answered.present > 0 && (
            <Text as="p">
              {t("For those who are in already it is being sent: {count} messages.", { count: answered.present })}
            </Text>
          )}
          <MessageCard view={view} />
        </BlockStack>
      </AdminPage>
    );
  }
  const toggle = view.active
    ? {
        content: t("Pause"),
        loading: intent === "pause",
        onAction: () => submit({ intent: "pause" }, { method: "post" }),
      }
    : {
        content: t("Resume"),
        loading: intent === "resume",
        onAction: () => submit({ intent: "resume" }, { method: "post" }),
      };
  return (
    <AdminPage
      title={view.id === 0 ? t("New automation") : view.name}
      subtitle={
        view.id === 0
          ? t("Follows when somebody enters or leaves {segment}.", { segment: view.segmentName })
          : view.what
      }
      {...(view.status && { titleMetadata: <StatusBadge status={view.status} /> })}
      backAction={back}
      secondaryActions={
        view.id === 0
          ? []
          : [
              ...(view.ending ? [] : [toggle]),
              { content: t("Delete"), destructive: true, onAction: () => setDeleting(true) },
            ]
      }
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <Answered answered={answered} />
            {view.reason !== null && (
              <Banner tone="critical" title={t("Muster paused this automation")}>
                <p>
                  {view.reason} {t("What was due waits, and is sent when you resume.")}
                </p>
              </Banner>
            )}
            {view.ending && <EndingCard ending={view.ending} />}
            {!view.ending && <AutomationForm key={savedOf(view)} view={view} answered={answered} />}
            {view.id !== 0 && !view.ending && <TestCard view={view} answered={answered} />}
          </BlockStack>
        </Layout.Section>
        {view.kind !== null && view.kind !== "customer_tag" && (
          <Layout.Section variant="oneThird">
            <BlockStack gap="400">
              {view.kind === "webhook" && <SecretCard view={view} answered={answered} />}
              {view.kind === "webhook" && <MessageCard view={view} />}
              {view.kind === "flow_trigger" && <FlowCard view={view} />}
            </BlockStack>
          </Layout.Section>
        )}
      </Layout>
      {deleting && (
        <AdminModal
          onClose={() => setDeleting(false)}
          title={t("Delete {name}?", { name: view.name })}
          primary={{
            content: t("Delete"),
            destructive: true,
            loading: intent === "remove",
            onAction: () => {
              setDeleting(false);
              submit({ intent: "remove", tags: taking ? "taken" : "kept" }, { method: "post" });
            },
          }}
          cancel={t("Keep it")}
        >
          <BlockStack gap="300">
            <Text as="p">
              {view.ending
                ? t("Its tag stays on the customers that still have it, and its log goes.")
                : t("What still waits is not sent, and its log goes. To stop it for a while, pause it.")}
            </Text>
            {view.taking !== null && !view.ending && (
              <Checkbox
                label={view.taking}
                helpText={t("Otherwise it stays on them. Where they had it from elsewhere, it stays in any case.")}
                checked={taking}
                onChange={setTaking}
              />
            )}
          </BlockStack>
        </AdminModal>
      )}
    </AdminPage>
  );
}

/** It follows how far the end is. */
function EndingCard({ ending: { percent, words } }: { ending: NonNullable<AutomationView["ending"]> }) {
  useLiveRefresh(REFRESH_MS);
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd" id="ending">
          {t("It is being deleted")}
        </Text>
        <ProgressBar progress={percent} size="small" ariaLabelledBy="ending" animated={false} />
        <Text as="p" numeric>
          {words}
        </Text>
      </BlockStack>
    </Card>
  );
}

/** What is written in the form stays while the page refreshes, until what is saved is another. */
function savedOf({ name, onEntry, onExit, url, tag }: AutomationView): string {
  return JSON.stringify([name, onEntry, onExit, url, tag]);
}

function Answered({ answered }: { answered: AutomationAnswer | undefined }) {
  switch (answered?.outcome) {
    case "saved":
      return (
        <Banner tone="success" title={t("Saved")}>
          {answered.present > 0 && (
            <p>
              {tn(
                answered.present,
                "This changes the tag of {count} customer.",
                "This changes the tags of {count} customers.",
              )}
            </p>
          )}
        </Banner>
      );
    case "done":
      return <Banner tone="success" title={answered.words} />;
    case "refused":
      return answered.field === null ? <Banner tone="critical" title={answered.reason} /> : null;
    default:
      return null;
  }
}
