import { useNavigation, useSubmit } from "@remix-run/react";
import {
  Badge,
  Banner,
  BlockStack,
  Button,
  Card,
  Divider,
  InlineGrid,
  InlineStack,
  Link,
  Pagination,
  ProgressBar,
  Text,
} from "@shopify/polaris";
import { Fragment, useState } from "react";
import { AdminPage } from "../admin-page.tsx";
import { NothingYet } from "../nothing-yet.tsx";
import { Instant } from "../shown-instant.tsx";
import { useAnswer } from "../use-answer.ts";
import { useLiveRefresh } from "../use-live-refresh.ts";
import type { DeadLettersView, DeadLetterView, ReplayView } from "./dead-letters-view.ts";
import { DiscardModal } from "./discard-modal.tsx";
import { t } from "../../texts/text.ts";

const REFRESH_MS = { replaying: 1_000, idle: 15_000 };

/** What came of the form. */
export type DeadLettersAction = { outcome: "replaying" | "discarded" | "gone" | "unknown_shop" | "unknown_request" };

/** Deliveries that could not be understood: to be read again or discarded. */
export function DeadLettersPage({ view }: { view: DeadLettersView }) {
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
        <Card>
          {view.letters.length === 0 ? (
            <NothingYet
              heading={t("Nothing is set aside")}
              sentence={t(
                "Every delivery was understood. One that is not will wait here with its bytes and the reason.",
              )}
            />
          ) : (
            <BlockStack gap="300">
              {view.letters.map((letter, place) => (
                <Fragment key={letter.id}>
                  {place > 0 && <Divider />}
                  <Letter
                    letter={letter}
                    busy={sending === `replay ${letter.id}`}
                    disabled={sending !== null}
                    onReplay={() => decide("replay", letter.id)}
                    onDiscard={() => setDiscarding(letter)}
                  />
                </Fragment>
              ))}
            </BlockStack>
          )}
        </Card>
        {(view.pages.previous ?? view.pages.next) !== null && (
          <InlineStack align="center">
            <Pagination
              hasPrevious={view.pages.previous !== null}
              hasNext={view.pages.next !== null}
              {...(view.pages.previous !== null && { previousURL: view.pages.previous })}
              {...(view.pages.next !== null && { nextURL: view.pages.next })}
              accessibilityLabel={t("Pages of deliveries")}
            />
          </InlineStack>
        )}
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

interface LetterProps {
  letter: DeadLetterView;
  busy: boolean;
  disabled: boolean;
  onReplay(): void;
  onDiscard(): void;
}

function Letter({ letter, busy, disabled, onReplay, onDiscard }: LetterProps) {
  const { id, topic, reason, received, size, read, waiting } = letter;
  return (
    <InlineGrid columns={{ xs: "1fr", sm: "1fr auto" }} alignItems="center" gap="300">
      <BlockStack gap="050">
        <Link url={`/app/data/dead-letters/${id}`}>{topic}</Link>
        <Text as="p" breakWord>
          {reason}
        </Text>
        <Text as="p" variant="bodySm" tone="subdued">
          <Instant at={received} /> · {size}
          {read !== null && ` · ${read}`}
        </Text>
      </BlockStack>
      {waiting ? (
        <Badge tone="info">{t("Being read")}</Badge>
      ) : (
        <InlineStack gap="200">
          <Button
            loading={busy}
            disabled={disabled}
            onClick={onReplay}
            accessibilityLabel={t("Replay {topic} of {when}", { topic, when: received.text })}
          >
            {t("Replay")}
          </Button>
          <Button
            variant="tertiary"
            tone="critical"
            disabled={disabled}
            onClick={onDiscard}
            accessibilityLabel={t("Discard {topic} of {when}", { topic, when: received.text })}
          >
            {t("Discard")}
          </Button>
        </InlineStack>
      )}
    </InlineGrid>
  );
}
