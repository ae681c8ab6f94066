import { useFetcher } from "@remix-run/react";
import {
  Banner,
  BlockStack,
  Button,
  Card,
  DataTable,
  InlineGrid,
  InlineStack,
  ProgressBar,
  Select,
  Text,
} from "@shopify/polaris";
import { memo, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { t } from "../../texts/text.ts";
import { LineChart } from "../chart/line-chart.tsx";
import type { Asked } from "./asked.ts";
import type { BacktestView } from "./backtest-view.ts";
import type { VersionView } from "./editor-view.ts";
import { EnteredModal } from "./entered-modal.tsx";

const DAYS = 30;
const LOOK_MS = 1_000;
/** No rule has it. */
const BETWEEN = "\0";
const AS_WRITTEN = "written";
const NOTHING = "nothing";

type Days = Extract<BacktestView, { outcome: "found" }>["days"];

/**
 * How large the segment would have been over the last month, on the events as they are known today, and another version beside it. It is
 * worked out apart from the page, which can be left meanwhile, and kept for some days.
 */
export const BacktestCard = memo(function BacktestCard({
  text,
  segmentId,
  versions,
}: {
  text: string;
  /** 0: it is not there yet. */
  segmentId: number;
  versions: readonly VersionView[];
}) {
  const [first, setFirst] = useState(AS_WRITTEN);
  const [second, setSecond] = useState(NOTHING);
  const [day, setDay] = useState<{ at: string; day: string; run: number } | null>(null);

  const choices = [
    { label: t("The rule as it stands here"), value: AS_WRITTEN, text },
    ...versions.map(({ number, live, text: rule }) => ({
      label: live ? t("Version {number} (live)", { number }) : t("Version {number}", { number }),
      value: String(number),
      text: rule,
    })),
  ];
  const chosen = [first, second].flatMap((value) => choices.filter((choice) => choice.value === value));
  const { shown, busy, begin, cancel } = useBacktest(
    segmentId,
    chosen.map((choice) => choice.text),
  );
  const found = shown?.outcome === "found" ? shown : null;
  const running = found?.state === "running";
  const labels = found?.isOfThese
    ? chosen.map(({ label }) => label)
    : (found?.texts ?? []).map((rule) => choices.find((one) => one.text === rule)?.label ?? t("A rule from before"));
  const named = labels.join("\n");
  // The chart is drawn anew only where they are others.
  const names = useMemo(() => named.split("\n"), [named]);

  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd" id="backtest">
            {t("The last {count} days", { count: DAYS })}
          </Text>
          {running && <Button onClick={() => cancel(found.id)}>{t("Cancel")}</Button>}
          {!(running && found.isOfThese) && (
            <Button onClick={begin} loading={busy} disabled={text.trim() === ""}>
              {t("Run over the past")}
            </Button>
          )}
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
        {shown?.outcome === "refused" && (
          <Text as="p" tone="critical">
            {shown.problems[0]}
          </Text>
        )}
        {found && !found.isOfThese && (
          <BlockStack gap="050">
            <Text as="p">{t("Another rule than the one chosen here, run {when}:", { when: found.when })}</Text>
            {found.texts.map((rule) => (
              <Text key={rule} as="p" tone="subdued" breakWord>
                {rule}
              </Text>
            ))}
          </BlockStack>
        )}
        <div aria-live="polite">
          {running && (
            <BlockStack gap="200">
              <ProgressBar progress={found.percent} size="small" ariaLabelledBy="backtest" animated={false} />
              <Text as="p" numeric>
                {found.progress} {t("You can leave this page meanwhile.")}
              </Text>
            </BlockStack>
          )}
          {found?.state === "failed" && (
            <Banner tone="critical" title={t("That could not be worked out")}>
              {t("Run it again. If it fails again, make the rule simpler.")}
            </Banner>
          )}
        </div>
        {found?.state === "finished" && (
          <>
            <Past days={found.days} names={names} onEntered={setDay} />
            {found.unknown.map((sentence) => (
              <Text key={sentence} as="p" tone="caution">
                {sentence}
              </Text>
            ))}
            {found.isOfThese && (
              <Text as="p" tone="subdued">
                {t("Run {when}. Kept for {count} days.", { when: found.when, count: found.keptDays })}
              </Text>
            )}
            {day && <EnteredModal {...day} text={found.texts[day.run] ?? ""} onClose={() => setDay(null)} />}
          </>
        )}
      </BlockStack>
    </Card>
  );
});

/** What is kept of the rules, looked for when they change and, while it is worked out, every second. */
function useBacktest(
  segmentId: number,
  texts: readonly string[],
): { shown: BacktestView | null; busy: boolean; begin(): void; cancel(id: string): void } {
  const fetcher = useFetcher<Asked>();
  const latest = useRef(fetcher);
  latest.current = fetcher;
  const [shown, setShown] = useState<BacktestView | null>(null);
  const [began, setBegan] = useState(false);
  const chosen = texts.join(BETWEEN);
  const running = shown?.outcome === "found" && shown.state === "running";

  const ask = useCallback(
    (more: Record<string, string> = {}): void => {
      const form = new FormData();
      for (const rule of chosen.split(BETWEEN)) form.append("text", rule);
      form.set("days", String(DAYS));
      form.set("segmentId", String(segmentId));
      for (const [name, value] of Object.entries(more)) form.set(name, value);
      latest.current.submit(form, { method: "post", action: "/app/segments/preview" });
    },
    [segmentId, chosen],
  );
  useEffect(() => {
    // What was begun is answered first.
    const look = setInterval(() => {
      if (latest.current.state !== "idle" || document.visibilityState !== "visible") return;
      if (!running) clearInterval(look);
      ask();
    }, LOOK_MS);
    return () => clearInterval(look);
  }, [ask, running]);
  useEffect(() => {
    if (fetcher.state !== "idle") return;
    setBegan(false);
    // Without an answer what was there stays.
    const answer = fetcher.data;
    if (answer?.kind !== "backtest") return;
    // Of a segment that is not there yet, what was worked out stays beside what is written next.
    setShown((before) =>
      answer.outcome === "nothing" && before?.outcome === "found" && before.state === "finished"
        ? { ...before, isOfThese: false }
        : answer,
    );
  }, [fetcher.data, fetcher.state]);
  return {
    shown,
    busy: began,
    begin: () => {
      setBegan(true);
      ask({ begin: "" });
    },
    cancel: (id) => ask({ cancel: id }),
  };
}

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
