import { LineChart } from "@shopify/polaris-viz";
import "@shopify/polaris-viz/build/esm/styles.css";
import { useMemo } from "react";
import { createFormat } from "../../platform/format.ts";
import { speech } from "../../texts/text.ts";
import type { ChartDay, ChartLine } from "./line-chart.tsx";

/** The second line is told from the first by its dashes too, not by colour alone. */
const DASHES = ["", "6 4"];

/** Drawn by Polaris, which keeps still for whoever asked their system for less motion. */
export function DrawnLines({ days, lines }: { days: readonly ChartDay[]; lines: readonly ChartLine[] }) {
  const data = useMemo(
    () =>
      lines.map(({ name, values }, line) => ({
        name,
        data: days.map(({ at }, day) => ({ key: at, value: values[day] ?? null })),
        styleOverride: { line: { strokeDasharray: DASHES[line % DASHES.length] ?? "" } },
      })),
    [days, lines],
  );
  const named = useMemo(() => new Map(days.map((day) => [day.at, day])), [days]);
  const format = createFormat({ locale: speech().locale, timeZone: "UTC" });
  const figure = (value: string | number | null): string => format.number(Number(value));
  return (
    <LineChart
      data={data}
      theme="Light"
      showLegend={lines.length > 1}
      xAxisOptions={{ labelFormatter: (at) => named.get(String(at))?.short ?? "" }}
      yAxisOptions={{ labelFormatter: figure, integersOnly: true }}
    />
  );
}
