import { Banner, BlockStack, Button, Card, InlineStack, Link, Spinner, Text } from "@shopify/polaris";
import { memo } from "react";
import type { Person } from "../../jobs/people.server.ts";
import { t } from "../../texts/text.ts";
import { Sentence } from "../text.tsx";
import type { AutomationsReach, DependentView, PreviewView } from "./preview-view.ts";

export interface PreviewCardProps {
  preview: PreviewView | null;
  loading: boolean;
  /** 0: the segment is new, and all who match would enter. */
  segmentId: number;
  /** The list of those who are in it now; null: nobody can be. */
  membersUrl: string | null;
}

/** How many the rule as it is written is true for, and what publishing it would change. */
export const PreviewCard = memo(function PreviewCard({ preview, loading, segmentId, membersUrl }: PreviewCardProps) {
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {t("Right now")}
          </Text>
          {loading ? (
            <Spinner size="small" accessibilityLabel={t("Counting")} />
          ) : (
            membersUrl && (
              <Button variant="plain" url={membersUrl}>
                {t("See members")}
              </Button>
            )
          )}
        </InlineStack>
        <div aria-live="polite">
          {preview === null && (
            <Text as="p" tone="subdued">
              {t("The count appears here as soon as the rule can be read.")}
            </Text>
          )}
          {preview?.outcome === "refused" && (
            <Text as="p" tone="subdued">
              {preview.problems[0]}
            </Text>
          )}
          {preview?.outcome === "read" && <Figures preview={preview} segmentId={segmentId} />}
        </div>
      </BlockStack>
    </Card>
  );
});

function Figures({ preview, segmentId }: { preview: Extract<PreviewView, { outcome: "read" }>; segmentId: number }) {
  const {
    headline,
    at,
    share,
    enters,
    leaves,
    moves,
    among,
    entering,
    leaving,
    missing,
    reach,
    automations,
    dependents,
  } = preview;
  return (
    <BlockStack gap="300">
      <Text as="p" variant="headingLg">
        {headline}
      </Text>
      <Text as="p" tone="subdued">
        {[...(share === "" ? [] : [t("{share} of all customers", { share })]), t("As of {time}", { time: at })].join(
          " \u00b7 ",
        )}
      </Text>
      {missing.map((line) => (
        <Banner key={line} tone="warning">
          {line}
        </Banner>
      ))}
      {segmentId > 0 && !moves && (
        <>
          <Text as="p">{t("Publishing this changes nobody’s membership.")}</Text>
          <People title={t("Members, among others")} people={among} />
        </>
      )}
      {segmentId > 0 && moves && (
        <>
          <Text as="p">{t("{enters} would enter and {leaves} would leave.", { enters, leaves })}</Text>
          <People title={t("Would enter, among others")} people={entering} />
          <People title={t("Would leave, among others")} people={leaving} />
        </>
      )}
      {(segmentId === 0 || moves) && (
        <Text as="p" tone="subdued">
          {reach}
        </Text>
      )}
      {moves && automations && (
        <Text as="p" tone="subdued">
          {automationsSentence(automations)}
        </Text>
      )}
      <Dependents dependents={dependents} />
      {segmentId === 0 && entering.length > 0 && <People title={t("Among them")} people={entering} />}
    </BlockStack>
  );
}

/** Segments that ask for this one, and so move with it. */
export function Dependents({ dependents }: { dependents: readonly DependentView[] }) {
  if (dependents.length === 0) return null;
  return (
    <BlockStack gap="200">
      <Text as="h3" variant="headingSm">
        {t("Segments that ask for this one")}
      </Text>
      {dependents.map(({ id, name, enters, leaves, reach, automations }) => (
        <BlockStack key={id} gap="050">
          <Text as="p">
            <Sentence
              text="{segment}: {enters} would enter and {leaves} would leave."
              parts={{
                segment: (
                  <Link url={`/app/segments/${id}`} removeUnderline>
                    {name}
                  </Link>
                ),
                enters,
                leaves,
              }}
            />
          </Text>
          <Text as="p" tone="subdued">
            {reach} {automations && automationsSentence(automations)}
          </Text>
        </BlockStack>
      ))}
    </BlockStack>
  );
}

function automationsSentence({ runs }: AutomationsReach): string {
  return runs === null
    ? t("None of its automations could run for them.")
    : t("Its automations could run {times} for them. You choose when you publish.", { times: runs });
}

export function People({ title, people }: { title: string; people: readonly Person[] }) {
  if (people.length === 0) return null;
  return (
    <BlockStack gap="050">
      <Text as="h3" variant="headingSm">
        {title}
      </Text>
      {people.map(({ customerId, name }) => (
        <Link key={customerId} url={`/app/profiles/${customerId}`} removeUnderline>
          {name}
        </Link>
      ))}
    </BlockStack>
  );
}
