import { Banner, BlockStack, Checkbox, InlineGrid, InlineStack, List, Spinner, Text } from "@shopify/polaris";
import { useState } from "react";
import type { PublishAnswer } from "../../jobs/publish-answer.ts";
import type { RemovalAnswer } from "../../jobs/segment-removal.server.ts";
import { t } from "../../texts/text.ts";
import { AdminModal } from "../admin-modal.tsx";
import { VersionMessage } from "../version-message.tsx";
import { RuleDifference } from "./rule-difference.tsx";
import { Dependents, People } from "./preview-card.tsx";
import type { PreviewView } from "./preview-view.ts";
import { type LocalMoment, type PlannedMoment, PublishMoment } from "./publish-moment.tsx";

export interface PublishModalProps {
  /** Of the very rule that is to be published; null: not counted yet. */
  preview: PreviewView | null;
  /** The rule that is live, null where none is yet; and the one that is to be. */
  liveText: string | null;
  text: string;
  /** What was answered last, which may have been before this was opened. */
  answered: PublishAnswer | RemovalAnswer | undefined;
  busy: boolean;
  /** What is scheduled already, as it begins here. */
  begun: { message: string; moment: PlannedMoment };
  /** A moment to begin with, today and where. */
  calendar: { proposed: LocalMoment; today: string; timeZone: string };
  onClose(): void;
  /** @param confirmed how many may move @param announced whether automations run for them */
  onPublish(message: string, confirmed: number, announced: boolean, moment: PlannedMoment): void;
}

/** Until its moment comes a tenth more may move than now before it is asked about again. */
const withGrowth = (moves: number): number => Math.ceil((moves * 11) / 10);

/** What publishing changes, before it does. Where much would move, it has to be confirmed. */
export function PublishModal({
  preview,
  liveText,
  text,
  answered,
  busy,
  begun,
  calendar,
  onClose,
  onPublish,
}: PublishModalProps) {
  const [message, setMessage] = useState(begun.message);
  const [moment, setMoment] = useState(begun.moment);
  // How many were agreed to, as of now; should it have become more, that is asked anew.
  const [agreed, setAgreed] = useState<number | null>(null);
  const [announced, setAnnounced] = useState(false);
  const [earlier] = useState(answered);
  const answer = answered === earlier ? undefined : answered;
  const guarded = answer?.outcome === "guarded";
  const now = guarded ? [answer, ...answer.dependents].reduce((sum, one) => sum + one.enters + one.leaves, 0) : 0;
  const allowing = (moves: number): number => (moment.begins ? withGrowth(moves) : moves);
  const confirmed = agreed !== null && agreed >= now;
  const moments = <PublishMoment moment={moment} isNew={liveText === null} onChange={setMoment} {...calendar} />;
  return (
    <AdminModal
      onClose={onClose}
      title={moment.begins ? t("Publish this rule later?") : t("Publish this rule?")}
      primary={{
        content: moment.begins ? t("Schedule") : t("Publish"),
        loading: busy,
        disabled: preview?.outcome !== "read" || (guarded && !confirmed),
        onAction: () => onPublish(message, allowing(agreed ?? 0), announced, moment),
      }}
      cancel={t("Cancel")}
    >
      <BlockStack gap="400">
        {/* Who came to set a moment meets it first. */}
        {begun.moment.begins && moments}
        {preview === null && (
          <InlineStack gap="200" blockAlign="center">
            <Spinner size="small" />
            <Text as="p">{t("Counting whom this rule moves")}</Text>
          </InlineStack>
        )}
        {preview?.outcome === "refused" && <Banner tone="critical" title={preview.problems[0] ?? ""} />}
        {preview?.outcome === "read" && (
          <Text as="p">
            {t("{headline} match it. {enters} would enter and {leaves} would leave.", {
              headline: preview.headline,
              enters: preview.enters,
              leaves: preview.leaves,
            })}
          </Text>
        )}
        {preview?.outcome === "read" && preview.moves && (
          <>
            <Text as="p" tone="subdued">
              {preview.reach}
            </Text>
            <InlineGrid columns={{ xs: 1, sm: 2 }} gap="400">
              <People title={t("Would enter, among others")} people={preview.entering} />
              <People title={t("Would leave, among others")} people={preview.leaving} />
            </InlineGrid>
            <Dependents dependents={preview.dependents} />
            <Automations preview={preview} announced={announced} onChange={setAnnounced} />
          </>
        )}
        {liveText !== text && (
          <BlockStack gap="100">
            <Text as="h3" variant="headingSm">
              {t("What changes in the rule")}
            </Text>
            <RuleDifference before={liveText ?? ""} after={text} />
          </BlockStack>
        )}
        <VersionMessage value={message} onChange={setMessage} />
        {!begun.moment.begins && moments}
        {answer?.outcome === "refused" && <Banner tone="critical" title={answer.reason} />}
        {guarded && (
          <Banner
            tone="warning"
            title={
              answer.dependents.length === 0
                ? t("That is a large part of the segment")
                : t("That is a large part of the segment, or of one that asks for it")
            }
          >
            {agreed !== null && !confirmed && (
              <p>{t("It has become more than the {count} you agreed to.", { count: allowing(agreed) })}</p>
            )}
            <Checkbox
              label={
                answer.dependents.length === 0
                  ? t("Yes, {count} customers may move", { count: allowing(now) })
                  : t("Yes, {count} entries and exits may happen, here and in the segments that ask for this one", {
                      count: allowing(now),
                    })
              }
              checked={confirmed}
              onChange={(yes) => setAgreed(yes ? now : null)}
            />
          </Banner>
        )}
      </BlockStack>
    </AdminModal>
  );
}

interface AutomationsProps {
  preview: Extract<PreviewView, { outcome: "read" }>;
  announced: boolean;
  onChange(announced: boolean): void;
}

/** Which automations the publication touches. They run for those who move only where the merchant wants it. */
function Automations({ preview: { automations, dependents, runs }, announced, onChange }: AutomationsProps) {
  const lines = [
    ...(automations?.lines ?? []),
    ...dependents.flatMap(({ name, automations: theirs }) => (theirs?.lines ?? []).map((line) => `${name}, ${line}`)),
  ];
  if (lines.length === 0) return null;
  return (
    <BlockStack gap="100">
      <Text as="h3" variant="headingSm">
        {t("Automations")}
      </Text>
      <List>
        {lines.map((line) => (
          <List.Item key={line}>{line}</List.Item>
        ))}
      </List>
      {runs !== null && (
        <Checkbox
          label={t("Run them for those who move: up to {times}", { times: runs })}
          helpText={t("Otherwise they run only for who enters or leaves later.")}
          checked={announced}
          onChange={onChange}
        />
      )}
    </BlockStack>
  );
}
