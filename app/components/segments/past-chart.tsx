import { InlineStack, Text } from "@shopify/polaris";
import { t } from "../../texts/text.ts";
import type { BacktestView } from "./backtest-view.ts";

const WIDTH = 600;
const HEIGHT = 120;
/** A second line is told from the first by its dashes too, not by colour alone. */
const LINES = [
  { stroke: "var(--p-color-text-info)", dashes: undefined },
  { stroke: "var(--p-color-text-caution)", dashes: "6 4" },
];

/** The size of one or two rules over the days, as lines. */
export function PastChart({
  days,
  names,
}: {
  days: Extract<BacktestView, { outcome: "found" }>["days"];
  names: readonly string[];
}) {
  const most = Math.max(1, ...days.flatMap(({ runs }) => runs.map(({ members }) => members)));
  const x = (index: number): number => (index / Math.max(1, days.length - 1)) * WIDTH;
  const y = (members: number): number => HEIGHT - (members / most) * (HEIGHT - 8);
  const runs = names.map((name, run) => ({
    name,
    line: LINES[run % LINES.length],
    first: days[0]?.runs[run]?.shown ?? "0",
    last: days.at(-1)?.runs[run]?.shown ?? "0",
    path: days.map((day, index) => `${x(index)},${y(day.runs[run]?.members ?? 0)}`).join(" "),
  }));
  const words = runs.map(({ name, first, last }) =>
    runs.length > 1
      ? t("{rule}: from {first} to {last} members", { rule: name, first, last })
      : t("From {first} to {last} members", { first, last }),
  );
  return (
    <figure style={{ margin: 0 }}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT + 4}`}
        role="img"
        aria-label={t("{lines} in {count} days", { lines: words.join("; "), count: days.length - 1 })}
        style={{ width: "100%", height: "auto" }}
      >
        {runs.length === 1 && (
          <polyline
            points={`0,${HEIGHT} ${runs[0]?.path} ${WIDTH},${HEIGHT}`}
            fill="var(--p-color-bg-fill-info)"
            stroke="none"
          />
        )}
        {runs.map(({ name, line, path }) => (
          <polyline
            key={name}
            points={path}
            fill="none"
            stroke={line?.stroke}
            strokeDasharray={line?.dashes}
            strokeWidth="2"
          />
        ))}
      </svg>
      <figcaption>
        <InlineStack align="space-between">
          <Text as="span" tone="subdued" variant="bodySm">
            {days[0]?.day}
          </Text>
          <Text as="span" tone="subdued" variant="bodySm">
            {days.at(-1)?.day}
          </Text>
        </InlineStack>
        {runs.map(({ name, line }, run) => (
          <InlineStack key={name} gap="200" blockAlign="center">
            <svg width="28" height="8" aria-hidden="true">
              <line x1="0" y1="4" x2="28" y2="4" stroke={line?.stroke} strokeDasharray={line?.dashes} strokeWidth="2" />
            </svg>
            <Text as="span" variant="bodySm">
              {words[run]}
            </Text>
          </InlineStack>
        ))}
      </figcaption>
    </figure>
  );
}
