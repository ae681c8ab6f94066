import { BlockStack, Card, Divider, InlineStack, Link, Text } from "@shopify/polaris";
import { t } from "../../texts/text.ts";
import { StatusBadge } from "../status-badge.tsx";
import type { RevenueView } from "./revenue-view.ts";

/** What recommendations and the members of each segment brought. */
export function RevenueCard({ revenue: { recommendations, segments } }: { revenue: RevenueView }) {
  const { result } = recommendations;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("Revenue")}
        </Text>
        <BlockStack gap="100">
          <Line name={t("Products clicked in a list")} url="/app/recommendations" {...recommendations} />
          <Text as="p" variant="bodySm" tone="subdued">
            {t("Bought within 7 days of the click, less what was given back.")}
          </Text>
          {result === null ? (
            <Text as="p" variant="bodySm" tone="subdued">
              {t("What would have been bought anyway is in it: only people held out tell what lists add.")}
            </Text>
          ) : (
            <>
              <InlineStack gap="200" blockAlign="center">
                <Text as="h3" variant="headingSm">
                  {t("Against people held out")}
                </Text>
                <StatusBadge status={result.status} />
              </InlineStack>
              <Text as="p">{result.sentence}</Text>
              <Text as="p" variant="bodySm" tone="subdued">
                {result.detail}
              </Text>
            </>
          )}
        </BlockStack>
        <Divider />
        <BlockStack gap="200">
          <BlockStack gap="050">
            <Text as="h3" variant="headingSm">
              {t("Members of segments, last 7 days")}
            </Text>
            <Text as="p" variant="bodySm" tone="subdued">
              {t("Orders of people who were members when they ordered. Who is in several counts in each.")}
            </Text>
          </BlockStack>
          {segments === null ? (
            <Text as="p" tone="subdued">
              {t("This is being worked out and appears here by itself.")}
            </Text>
          ) : (
            segments.map(({ id, ...line }) => <Line key={id} url={`/app/segments/${id}`} {...line} />)
          )}
        </BlockStack>
      </BlockStack>
    </Card>
  );
}

function Line({ name, url, amount, orders }: { name: string; url: string; amount: string; orders: string }) {
  return (
    <InlineStack align="space-between" gap="200" blockAlign="center">
      <Link url={url} monochrome removeUnderline>
        <Text as="span" fontWeight="medium">
          {name}
        </Text>
      </Link>
      <Text as="span" numeric>
        {`${amount} \u00b7 ${orders}`}
      </Text>
    </InlineStack>
  );
}
