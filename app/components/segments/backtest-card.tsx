import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, DataTable, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import type { Asked } from "./asked.ts";
import type { BacktestView } from "./backtest-view.ts";

const DAYS = 30;
const WIDTH = 600;
const HEIGHT = 120;

/** How large the segment would have been over the last month, on the events as they are known today. */
export function BacktestCard({ text }: { text: string }) {
  const fetcher = useFetcher<Asked>();
  const [table, setTable] = useState(false);
  const found = fetcher.data?.kind === "backtest" ? fetcher.data : null;
  const run = (): void => {
    fetcher.submit({ text, days: String(DAYS) }, { method: "post", action: "/app/segments/preview" });
  };
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <BlockStack>
            <Text as="h2" variant="headingMd">
              The last {DAYS} days
            </Text>
            <Text as="p" tone="subdued">
              On the events known today; what has no history, such as tags, is held at its present value.
            </Text>
          </BlockStack>
          <Button onClick={run} loading={fetcher.state !== "idle"} disabled={text.trim() === ""}>
            Run over the past
          </Button>
        </InlineStack>
        {found?.outcome === "refused" && (
          <Text as="p" tone="critical">
            {found.problems[0]}
          </Text>
        )}
        {found?.outcome === "found" && (
          <>
            <Line points={found.points} />
            <InlineStack>
              <Button variant="plain" onClick={() => setTable(!table)} ariaExpanded={table}>
                {table ? "Hide the figures" : "Show the figures"}
              </Button>
            </InlineStack>
            {table && (
              <DataTable
                columnContentTypes={["text", "numeric", "numeric", "numeric"]}
                headings={["Day", "Members", "Entered", "Left"]}
                rows={found.points.toReversed().map(({ day, shown, entered, left }) => [day, shown, entered, left])}
              />
            )}
          </>
        )}
      </BlockStack>
    </Card>
  );
}

function Line({ points }: { points: Extract<BacktestView, { outcome: "found" }>["points"] }) {
  const most = Math.max(1, ...points.map(({ members }) => members));
  const x = (index: number): number => (index / Math.max(1, points.length - 1)) * WIDTH;
  const y = (members: number): number => HEIGHT - (members / most) * (HEIGHT - 8);
  const path = points.map(({ members }, index) => `${x(index)},${y(members)}`).join(" ");
  const last = points.at(-1);
  return (
    <figure style={{ margin: 0 }}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT + 4}`}
        role="img"
        aria-label={`From ${points[0]?.shown ?? "0"} to ${last?.shown ?? "0"} members in ${points.length - 1} days`}
        style={{ width: "100%", height: "auto" }}
      >
        <polyline points={`0,${HEIGHT} ${path} ${WIDTH},${HEIGHT}`} fill="var(--p-color-bg-fill-info)" stroke="none" />
        <polyline points={path} fill="none" stroke="var(--p-color-text-info)" strokeWidth="2" />
      </svg>
      <figcaption>
        <InlineStack align="space-between">
          <Text as="span" tone="subdued" variant="bodySm">
            {points[0]?.day}: {points[0]?.shown}
          </Text>
          <Text as="span" tone="subdued" variant="bodySm">
            {last?.day}: {last?.shown}
          </Text>
        </InlineStack>
      </figcaption>
    </figure>
  );
}
