import { BlockStack, Button, InlineStack, Spinner, Text } from "@shopify/polaris";
import { lazy, type ReactNode, Suspense, useEffect, useId, useState } from "react";
import { t } from "../../texts/text.ts";

export interface ChartDay {
  at: string;
  /** The day as it stands below the chart. */
  short: string;
}

export interface ChartLine {
  name: string;
  /** One for each day. */
  values: readonly number[];
}

export interface LineChartProps {
  /** What is to be seen, in a sentence for each line. */
  sentences: readonly string[];
  days: readonly ChartDay[];
  lines: readonly ChartLine[];
  /** The same figures as a table. */
  table: ReactNode;
}

const HEIGHT = "14rem";

/** The library makes each point a stop for the keyboard that has no name; the sentence and the table are there for everybody. */
const PICTURE = { inert: "" };

// The library is as large as the rest of a page and reads the browser's window: it comes when a chart is shown, and to a browser alone.
const DrawnLines = lazy(async () => ({ default: (await import("./drawn-lines.client.tsx")).DrawnLines }));

/** Figures over the days as lines, what they say in words, and a table behind them. */
export function LineChart({ sentences, days, lines, table }: LineChartProps) {
  const [inBrowser, setInBrowser] = useState(false);
  useEffect(() => setInBrowser(true), []);
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  const loading = (
    <InlineStack align="center">
      <Spinner size="small" accessibilityLabel={t("The chart is loading")} />
    </InlineStack>
  );
  return (
    <BlockStack gap="200">
      <figure style={{ margin: 0 }} aria-labelledby={id}>
        <div style={{ height: HEIGHT }} {...PICTURE}>
          <Suspense fallback={loading}>{inBrowser ? <DrawnLines days={days} lines={lines} /> : loading}</Suspense>
        </div>
        <figcaption id={id}>
          {sentences.map((sentence) => (
            <Text key={sentence} as="p" variant="bodySm">
              {sentence}
            </Text>
          ))}
        </figcaption>
      </figure>
      <InlineStack>
        <Button variant="plain" onClick={() => setAsTable(!asTable)} ariaExpanded={asTable}>
          {asTable ? t("Hide the table") : t("Show as a table")}
        </Button>
      </InlineStack>
      {asTable && table}
    </BlockStack>
  );
}
