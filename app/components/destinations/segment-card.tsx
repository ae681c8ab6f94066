import { Form, useNavigation } from "@remix-run/react";
import { Banner, BlockStack, Button, Card, Checkbox, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import type { Place } from "../../sync/destination.ts";
import { StatusBadge } from "../status-badge.tsx";
import { ChoiceForm } from "./choice-form.tsx";
import type { ConnectionView, SegmentView } from "./connection-view.ts";
import type { Happened } from "./happened.ts";
import { PartModal } from "./part-modal.tsx";
import { t } from "../../texts/text.ts";

export interface SegmentCardProps {
  segment: SegmentView;
  view: ConnectionView;
  /** The lists there are at the platform; null: they were not asked for. */
  places: readonly Place[] | null;
  happened: Happened | undefined;
  /** Whether how it is kept is being changed. */
  editing: boolean;
  onEdit(editing: boolean): void;
}

/** One segment in one connection. */
export function SegmentCard({ segment, view, places, happened, editing, onEdit }: SegmentCardProps) {
  const { name, audience } = segment;
  const [parting, setParting] = useState(false);
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd" breakWord>
            {name}
          </Text>
          <StatusBadge status={audience?.status ?? { tone: null, text: t("No audience here") }} />
        </InlineStack>
        {audience && audience.figures.length > 0 && (
          <Text as="p" tone="subdued" numeric>
            {audience.figures.join(" \u00b7 ")}
          </Text>
        )}
        {audience?.compared && (
          <InlineStack gap="200" blockAlign="center">
            <Text as="p" tone="subdued" numeric>
              {audience.compared.join(" \u00b7 ")}
            </Text>
            <Button
              variant="plain"
              url={`/app/destinations/${view.id}/comparisons/${audience.id}`}
              accessibilityLabel={t("Every comparison: {name}", { name })}
            >
              {t("Every comparison")}
            </Button>
          </InlineStack>
        )}
        {audience?.review && <Review audience={audience} lines={audience.review} />}
        {audience?.held && (
          <Banner tone="warning" title={t("Many would leave")}>
            <BlockStack gap="200">
              <p>{audience.held}</p>
              <OneButton intent="confirm" audienceId={audience.id} label={t("Remove them")} />
            </BlockStack>
          </Banner>
        )}
        {audience?.broken && (
          <Banner tone="critical" title={t("This audience is paused")}>
            <BlockStack gap="200">
              <p>{audience.broken}</p>
              <OneButton intent="renew" audienceId={audience.id} label={t("Make it anew")} />
            </BlockStack>
          </Banner>
        )}
        {editing ? (
          <ChoiceForm
            segment={segment}
            view={view}
            places={places}
            refused={happened?.outcome === "refused" && happened.about === segment.segmentId ? happened.reason : null}
            onCancel={() => onEdit(false)}
          />
        ) : (
          !audience?.leaving &&
          !view.leaving && (
            <InlineStack gap="200" blockAlign="center">
              <Button
                onClick={() => onEdit(true)}
                accessibilityLabel={audience ? t("Change {name}", { name }) : t("Set up {name}", { name })}
              >
                {audience ? t("Change") : t("Set up")}
              </Button>
              {audience?.canCompare && (
                <OneButton
                  intent="compare"
                  audienceId={audience.id}
                  label={audience.comparing ? t("Being compared") : t("Compare now")}
                  disabled={audience.comparing}
                  about={t("Compare now: {name}", { name })}
                />
              )}
              {audience?.exceptionsPath && (
                <Button
                  url={audience.exceptionsPath}
                  download
                  target="_blank"
                  accessibilityLabel={t("Download who is not in it: {name}", { name })}
                >
                  {t("Download who is not in it")}
                </Button>
              )}
              {audience && (
                <Button
                  tone="critical"
                  variant="tertiary"
                  onClick={() => setParting(true)}
                  accessibilityLabel={t("Give up {name}", { name })}
                >
                  {t("Give up")}
                </Button>
              )}
            </InlineStack>
          )
        )}
      </BlockStack>
      {audience && parting && (
        <PartModal
          title={t("Give up the audience {name}?", { name })}
          fields={{ intent: "leave", audienceId: String(audience.id) }}
          name={view.name}
          canChange={view.paused === null}
          onClose={() => setParting(false)}
        />
      )}
    </Card>
  );
}

function Review({ audience, lines }: { audience: NonNullable<SegmentView["audience"]>; lines: string[] }) {
  const [warmUp, setWarmUp] = useState(true);
  const busy = useNavigation().state !== "idle";
  return (
    <Banner tone="info" title={t("Nothing has been sent yet")}>
      <Form method="post">
        <input type="hidden" name="intent" value="start" />
        <input type="hidden" name="audienceId" value={audience.id} />
        <BlockStack gap="200">
          <BlockStack gap="050">
            {lines.map((line) => (
              <Text key={line} as="p" numeric>
                {line}
              </Text>
            ))}
          </BlockStack>
          <Checkbox
            label={t("Warm up")}
            name="warmUp"
            value="on"
            checked={warmUp}
            onChange={setWarmUp}
            helpText={t(
              "500 people at once, then twice as many every five minutes: a mistake shows before everybody is in.",
            )}
          />
          <InlineStack>
            <Button submit variant="primary" loading={busy}>
              {t("Start")}
            </Button>
          </InlineStack>
        </BlockStack>
      </Form>
    </Banner>
  );
}

interface OneButtonProps {
  intent: string;
  audienceId: number;
  label: string;
  disabled?: boolean;
  /** What it is said to be where it is not seen, when `label` alone does not tell. */
  about?: string;
}

function OneButton({ intent, audienceId, label, disabled = false, about }: OneButtonProps) {
  const busy = useNavigation().state !== "idle";
  return (
    <Form method="post">
      <input type="hidden" name="intent" value={intent} />
      <input type="hidden" name="audienceId" value={audienceId} />
      <Button submit loading={busy} disabled={disabled} {...(about !== undefined && { accessibilityLabel: about })}>
        {label}
      </Button>
    </Form>
  );
}
