import { useNavigation, useSubmit } from "@remix-run/react";
import { Badge, Banner, BlockStack, Button, Card, InlineStack, Link, ProgressBar } from "@shopify/polaris";
import { useState } from "react";
import { AdminPage } from "../admin-page.tsx";
import { NothingYet } from "../nothing-yet.tsx";
import { type RecordColumns, RecordTable } from "../record-table.tsx";
import { Instant } from "../shown-instant.tsx";
import { useAnswer } from "../use-answer.ts";
import { useLiveRefresh } from "../use-live-refresh.ts";
import type { DeadLettersView, DeadLetterView, ReplayView } from "./dead-letters-view.ts";
import { DiscardModal } from "./discard-modal.tsx";
import { t } from "../../texts/text.ts";

const REFRESH_MS = { replaying: 1_000, idle: 15_000 };

/** What came of the form. */
export type DeadLettersAction = { outcome: "replaying" | "discarded" | "gone" | "unknown_shop" | "unknown_request" };

/**
 * Deliveries that could not be understood: to be read again or discarded.
 * @param phone the server's guess, until the browser knows
 */
export function DeadLettersPage({ view, phone }: { view: DeadLettersView; phone: boolean }) {
  const submit = useSubmit();
  const navigation = useNavigation();
  const answer = useAnswer<DeadLettersAction>();
  const [discarding, setDiscarding] = useState<DeadLetterView | null>(null);
  const sent = navigation.state === "idle" ? undefined : navigation.formData;
  const sending =
    sent?.get("decision") === undefined ? null : `${String(sent?.get("decision"))} ${String(sent?.get("id"))}`;
  useLiveRefresh(typeof view.replay?.progress === "number" ? REFRESH_MS.replaying : REFRESH_MS.idle);

  const decide = (decision: "replay" | "discard", id: string): void =>
    submit({ decision, id }, { method: "post", action: "/app/data/dead-letters?index", replace: true });
  const discard = (): void => {
    if (discarding) decide("discard", discarding.id);
    setDiscarding(null);
  };
  return (
    <AdminPage
      title={t("Deliveries set aside")}
      subtitle={t(
        "What Shopify delivered and Muster could not understand. It is kept as it came until it can be read, or you discard it.",
      )}
      backAction={{ content: t("Data"), url: "/app/data" }}
      {...(view.letters.length > 0 && {
        primaryAction: {
          content: t("Replay all"),
          disabled: !view.replayable || sending !== null,
          loading: sending === "replay all",
          onAction: () => decide("replay", "all"),
        },
      })}
    >
      <BlockStack gap="400">
        {answer?.outcome === "discarded" && <Banner tone="success">{t("The delivery was discarded.")}</Banner>}
        {answer?.outcome === "gone" && (
          <Banner tone="warning">{t("It was read or discarded meanwhile. Nothing was changed.")}</Banner>
        )}
        {view.replay && <ReplayBanner replay={view.replay} />}
        <Card padding="0">
          {view.letters.length === 0 ? (
            <NothingYet
              heading={t("Nothing is set aside")}
              sentence={t(
                "Every delivery was understood. One that is not will wait here with its bytes and the reason.",
              )}
            />
          ) : (
            <RecordTable
              names={{ singular: t("delivery|one of several"), plural: t("deliveries|several") }}
              columns={columns({ sending, onReplay: ({ id }) => decide("replay", id), onDiscard: setDiscarding })}
              rows={view.letters}
              phone={phone}
              pages={{ ...view.pages, label: t("Pages of deliveries") }}
            />
          )}
        </Card>
      </BlockStack>
      {discarding && (
        <DiscardModal
          topic={discarding.topic}
          busy={sending !== null}
          onDiscard={discard}
          onClose={() => setDiscarding(null)}
        />
      )}
    </AdminPage>
  );
}

function ReplayBanner({ replay: { progress, tone, sentence, asked } }: { replay: ReplayView }) {
  return (
    <Banner
      tone={tone}
      title={progress === null ? t("Last replay, {when}", { when: asked.relative }) : t("Reading again")}
    >
      <BlockStack gap="200">
        <p id="replayed">{sentence}</p>
        {progress !== null && <ProgressBar progress={progress} size="small" ariaLabelledBy="replayed" />}
      </BlockStack>
    </Banner>
  );
}

interface Decisions {
  /** What is on its way: "replay 12"; null: nothing. */
  sending: string | null;
  onReplay(letter: DeadLetterView): void;
  onDiscard(letter: DeadLetterView): void;
}

const columns = (decisions: Decisions): RecordColumns<DeadLetterView> => [
  { title: t("Topic"), cell: ({ id, topic }) => <Link url={`/app/data/dead-letters/${id}`}>{topic}</Link> },
  { title: t("Reason"), width: "14rem", cell: ({ reason }) => reason },
  { title: t("Received"), onPhone: "titled", cell: ({ received }) => <Instant at={received} /> },
  { title: t("Size"), figure: true, onPhone: "titled", cell: ({ size }) => size },
  { title: t("Times read"), figure: true, onPhone: "titled", cell: ({ attempts }) => attempts },
  { title: t("Action|column"), onPhone: "last", cell: (letter) => <Decide letter={letter} {...decisions} /> },
];

function Decide({ letter, sending, onReplay, onDiscard }: Decisions & { letter: DeadLetterView }) {
  const { id, topic, received, waiting } = letter;
  if (waiting) return <Badge tone="info">{t("Being read")}</Badge>;
  return (
    <InlineStack gap="200" wrap={false}>
      <Button
        loading={sending === `replay ${id}`}
        disabled={sending !== null}
        onClick={() => onReplay(letter)}
        accessibilityLabel={t("Replay {topic} of {when}", { topic, when: received.text })}
      >
        {t("Replay")}
      </Button>
      <Button
        variant="tertiary"
        tone="critical"
        disabled={sending !== null}
        onClick={() => onDiscard(letter)}
        accessibilityLabel={t("Discard {topic} of {when}", { topic, when: received.text })}
      >
        {t("Discard")}
      </Button>
    </InlineStack>
  );
}
