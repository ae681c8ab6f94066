import { Box, BlockStack, Button, Card, Divider, InlineGrid, InlineStack, Link, Text } from "@shopify/polaris";
import { Fragment } from "react";
import type { PairDecision } from "../../profile/duplicates/decide-pair.server.ts";
import type { ReviewView } from "../../profile/duplicates/review-store.server.ts";
import { Instant } from "../shown-instant.tsx";
import { StatusBadge } from "../status-badge.tsx";
import type { ComparisonRow, PairView } from "./duplicates-view.ts";
import { t } from "../../texts/text.ts";
import { Sentence } from "../text.tsx";

export interface PairCardProps {
  pair: PairView;
  view: ReviewView;
  /** What is being carried out for this pair. */
  busy: PairDecision | null;
  /** Another pair is being decided: one at a time. */
  disabled: boolean;
  onDecide(pair: PairView, decision: PairDecision): void;
}

/** Two customers side by side: what agrees, what differs, and what to make of it. */
export function PairCard({ pair, view, busy, disabled, onDecide }: PairCardProps) {
  const { names, urls, likely, decided, rows } = pair;
  const both = t("{low} and {high}", names);
  return (
    <Card>
      {/* Dense, so that a pair and what to make of it are in sight at once. */}
      <BlockStack gap="150">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd" breakWord>
            {both}
          </Text>
          {likely && <StatusBadge status={likely} />}
        </InlineStack>
        {decided && (
          <Text as="p" tone="subdued">
            <Sentence text={decided.text} parts={{ when: <Instant at={decided.at} /> }} />
          </Text>
        )}
        <InlineGrid columns={COLUMNS} gap="200">
          <Box />
          <Box />
          <Link
            url={urls.low}
            accessibilityLabel={t("Profile of {name}, customer {id}", { name: names.low, id: pair.low })}
          >
            {t("Customer {id}", { id: pair.low })}
          </Link>
          <Link
            url={urls.high}
            accessibilityLabel={t("Profile of {name}, customer {id}", { name: names.high, id: pair.high })}
          >
            {t("Customer {id}", { id: pair.high })}
          </Link>
        </InlineGrid>
        {rows.map((row) => (
          <Fragment key={row.label}>
            <Divider />
            <Comparison row={row} />
          </Fragment>
        ))}
        <Box paddingBlockStart="200">
          <InlineStack align="end" gap="200">
            {view === "open" ? (
              <>
                <Button
                  onClick={() => onDecide(pair, "not_same")}
                  loading={busy === "not_same"}
                  disabled={disabled}
                  accessibilityLabel={t("Not the same: {both}", { both })}
                >
                  {t("Not the same")}
                </Button>
                <Button
                  variant="primary"
                  onClick={() => onDecide(pair, "merge")}
                  loading={busy === "merge"}
                  disabled={disabled}
                  accessibilityLabel={t("Merge {both}", { both })}
                >
                  {t("Merge")}
                </Button>
              </>
            ) : (
              <Button
                onClick={() => onDecide(pair, "undo")}
                loading={busy === "undo"}
                disabled={disabled}
                accessibilityLabel={t("Undo: {both}", { both })}
              >
                {t("Undo")}
              </Button>
            )}
          </InlineStack>
        </Box>
      </BlockStack>
    </Card>
  );
}

/** On a phone label and badge stand above the two values. */
const COLUMNS = { xs: "minmax(0, 1fr) minmax(0, 1fr)", md: "130px 130px minmax(0, 1fr) minmax(0, 1fr)" };

function Comparison({ row: { label, low, high, own, agreement } }: { row: ComparisonRow }) {
  return (
    <InlineGrid columns={COLUMNS} gap="200" alignItems="center">
      <Text as="h3" variant="bodySm" tone="subdued" fontWeight="regular">
        {label}
      </Text>
      <InlineStack>{agreement && <StatusBadge status={agreement} />}</InlineStack>
      <Text as="p" breakWord>
        <span translate={own ? "no" : "yes"}>{low}</span>
      </Text>
      <Text as="p" breakWord>
        <span translate={own ? "no" : "yes"}>{high}</span>
      </Text>
    </InlineGrid>
  );
}
