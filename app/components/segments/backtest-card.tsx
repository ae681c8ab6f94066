import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, DataTable, InlineGrid, InlineStack, Select, Text } from "@shopify/polaris";
import { memo, useMemo, useState } from "react";
import { t } from "../../texts/text.ts";
import { LineChart } from "../chart/line-chart.tsx";
import type { Asked } from "./asked.ts";
import type { BacktestView } from "./backtest-view.ts";
import type { VersionView } from "./editor-view.ts";
import { EnteredModal } from "./entered-modal.tsx";

const DAYS = 30;
const AS_WRITTEN = "written";
const NOTHING = "nothing";

type Days = Extract<BacktestView, { outcome: "found" }>["days"];

/** How large the segment would have been over the last month, on the events as they are known today, and another version beside it. */
export const BacktestCard = memo(function BacktestCard({
  text,
  versions,
}: {
  text: string;
  versions: readonly VersionView[];
}) {
  const fetcher = useFetcher<Asked>();
  const [first, setFirst] = useState(AS_WRITTEN);
  const [second, setSecond] = useState(NOTHING);
  const [ran, setRan] = useState<{ names: string[]; texts: string[] }>({ names: [], texts: [] });
  const [day, setDay] = useState<{ at: string; day: string; run: number } | null>(null);
  const found = fetcher.data?.kind === "backtest" ? fetcher.data : null;

  const choices = [
    { label: t("The rule as it stands here"), value: AS_WRITTEN, text },
    ...versions.map(({ number, live, text: rule }) => ({
      label: live ? t("Version {number} (live)", { number }) : t("Version {number}", { number }),
      value: String(number),
      text: rule,
    })),
  ];
  const chosen = [first, second].flatMap((value) => choices.filter((choice) => choice.value === value));
  const run = (): void => {
    const form = new FormData();
    for (const choice of chosen) form.append("text", choice.text);
    form.set("days", String(DAYS));
    setRan({ names: chosen.map(({ label }) => label), texts: chosen.map((choice) => choice.text) });
    fetcher.submit(form, { method: "post", action: "/app/segments/preview" });
  };

  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            {t("The last {count} days", { count: DAYS })}
          </Text>
          <Button onClick={run} loading={fetcher.state !== "idle"} disabled={text.trim() === ""}>
            {t("Run over the past")}
          </Button>
        </InlineStack>
        <Text as="p" tone="subdued">
          {t("On the events known today. Policies for staying and coming back are not counted in.")}
        </Text>
        {versions.length > 0 && (
          <InlineGrid columns={{ xs: 1, sm: 2 }} gap="200">
            <Select label={t("Run")} options={choices} value={first} onChange={setFirst} />
            <Select
              label={t("Beside it")}
              options={[{ label: t("Nothing"), value: NOTHING }, ...choices.filter(({ value }) => value !== first)]}
              value={second === first ? NOTHING : second}
              onChange={setSecond}
            />
          </InlineGrid>
        )}
        {found?.outcome === "refused" && (
          <Text as="p" tone="critical">
            {found.problems[0]}
          </Text>
        )}
        {found?.outcome === "found" && (
          <>
            <Past days={found.days} names={ran.names} onEntered={setDay} />
            {found.unknown.map((sentence) => (
              <Text key={sentence} as="p" tone="caution">
                {sentence}
              </Text>
            ))}
          </>
        )}
        {day && <EnteredModal {...day} text={ran.texts[day.run] ?? ""} onClose={() => setDay(null)} />}
      </BlockStack>
    </Card>
  );
});

interface PastProps {
  days: Days;
  names: readonly string[];
  onEntered(day: { at: string; day: string; run: number }): void;
}

/** The size of one or two rules over the days. */
function Past({ days, names, onEntered }: PastProps) {
  const lines = useMemo(
    () => names.map((name, run) => ({ name, values: days.map(({ runs }) => runs[run]?.members ?? 0) })),
    [days, names],
  );
  const shown = (day: Days[number] | undefined, run: number): string => day?.runs[run]?.shown ?? "0";
  const sentences = names.map((rule, run) => {
    const [first, last] = [shown(days[0], run), shown(days.at(-1), run)];
    return names.length > 1
      ? t("{rule}: from {first} to {last} members", { rule, first, last })
      : t("From {first} to {last} members", { first, last });
  });
  return (
    <LineChart
      sentences={sentences}
      days={days}
      lines={lines}
      table={<Figures days={days} names={names} onEntered={onEntered} />}
    />
  );
}

/** The figures of each day, the latest first; who entered is a click away. */
function Figures({ days, names, onEntered }: PastProps) {
  const many = names.length > 1;
  const headings = names.flatMap((name) =>
    [t("Members"), t("Entered|how many"), t("Left|how many")].map((figure) =>
      many ? <Heading key={`${figure} ${name}`} figure={figure} name={name} /> : figure,
    ),
  );
  return (
    <DataTable
      columnContentTypes={["text", ...headings.map(() => "numeric" as const)]}
      headings={[t("Day"), ...headings]}
      rows={days
        .slice(1)
        .toReversed()
        .map(({ at, day, runs }) => [
          // On a phone a long day goes on below, so that every figure beside it is to be seen.
          <div key="day" style={{ whiteSpace: "normal", maxWidth: "max(7rem, 30vw)" }}>
            {day}
          </div>,
          ...runs.flatMap(({ shown, entered, left }, run) => [
            shown,
            entered === "0" ? (
              entered
            ) : (
              <Button
                key={run}
                variant="plain"
                accessibilityLabel={
                  many
                    ? t("{count} entered on {day}, {rule}: who", { count: entered, day, rule: names[run] ?? "" })
                    : t("{count} entered on {day}: who", { count: entered, day })
                }
                onClick={() => onEntered({ at, day, run })}
              >
                {entered}
              </Button>
            ),
            left,
          ]),
        ])}
    />
  );
}

/** Two runs beside each other have the same figures, so each says whose it is. */
function Heading({ figure, name }: { figure: string; name: string }) {
  return (
    <div style={{ maxWidth: "7rem", whiteSpace: "normal" }}>
      {figure}{" "}
      <Text as="span" tone="subdued" variant="bodySm">
        {name}
      </Text>
    </div>
  );
}
