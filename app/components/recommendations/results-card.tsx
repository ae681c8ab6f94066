import { BlockStack, Card, Divider, InlineGrid, InlineStack, ProgressBar, Text } from "@shopify/polaris";
import { Fragment } from "react";
import { StatusBadge } from "../status-badge.tsx";
import type { RecommendationsView } from "./recommendations-view.ts";
import { t } from "../../texts/text.ts";
import { useLiveRefresh } from "../use-live-refresh.ts";

const REFRESH_MS = 5_000;

/** What recommendations bring against the people held out, and how the model does against plain popularity. */
export function ResultsCards({ view: { results, noResults, quality, blends } }: { view: RecommendationsView }) {
  useLiveRefresh(REFRESH_MS);
  return (
    <BlockStack gap="400">
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            {t("Against people who were held out")}
          </Text>
          {results === null ? (
            <Text as="p" tone="subdued">
              {noResults}
            </Text>
          ) : (
            <>
              <Text as="p" tone="subdued">
                {results.people}
              </Text>
              {results.figures.map(({ title, status, sentence, detail }) => (
                <Fragment key={title}>
                  <Divider />
                  <BlockStack gap="100">
                    <InlineStack gap="200" blockAlign="center">
                      <Text as="h3" variant="headingSm">
                        {title}
                      </Text>
                      <StatusBadge status={status} />
                    </InlineStack>
                    <Text as="p">{sentence}</Text>
                    <Text as="p" tone="subdued">
                      {detail}
                    </Text>
                  </BlockStack>
                </Fragment>
              ))}
              <Text as="p" tone="subdued" variant="bodySm">
                {t(
                  "An interval is for one look. Decide when to look before you begin: who looks every day is misled more often.",
                )}
              </Text>
            </>
          )}
        </BlockStack>
      </Card>
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            {t("Against plain popularity")}
          </Text>
          {quality === null ? (
            <Text as="p" tone="subdued">
              {t(
                "Nothing was learned yet. It begins with 50 orders of 10 products; until then every list shows what is popular.",
              )}
            </Text>
          ) : (
            <>
              <Text as="p">{quality.sentence}</Text>
              <Text as="p">{quality.detail}</Text>
              <Text as="p" tone="subdued">
                {quality.when}
              </Text>
            </>
          )}
        </BlockStack>
      </Card>
      {blends.length > 0 && <BlendCard blends={blends} />}
    </BlockStack>
  );
}

/** What the lists of each place are made of. */
function BlendCard({ blends }: Pick<RecommendationsView, "blends">) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("What the lists are made of")}
        </Text>
        {blends.map(({ place, about, sources }) => (
          <Fragment key={place}>
            <Divider />
            <BlockStack gap="100">
              <Text as="h3" variant="headingSm">
                {place}
              </Text>
              <Text as="p" tone="subdued">
                {about}
              </Text>
            </BlockStack>
            {sources.map(({ name, percent, share }) => (
              <InlineGrid
                key={name}
                columns={{ xs: 1, sm: "2fr 3fr" }}
                gap={{ xs: "100", sm: "400" }}
                alignItems="center"
              >
                <InlineStack align="space-between" gap="200" wrap={false}>
                  <Text as="p">{name}</Text>
                  <Text as="p" numeric>
                    {share}
                  </Text>
                </InlineStack>
                <div aria-hidden="true">
                  <ProgressBar progress={percent} size="small" tone="primary" animated={false} />
                </div>
              </InlineGrid>
            ))}
          </Fragment>
        ))}
      </BlockStack>
    </Card>
  );
}
