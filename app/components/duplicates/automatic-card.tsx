import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, Select, Text } from "@shopify/polaris";
import { useState } from "react";
import { Instant, type ShownInstant } from "../shown-instant.tsx";
import { t } from "../../texts/text.ts";
import { Sentence } from "../text.tsx";

const PERCENTS = ["99", "98", "95", "90"];

/** From when on pairs are merged without being asked about. */
export function AutomaticCard({ from, learned }: { from: string; learned: ShownInstant | null }) {
  const fetcher = useFetcher();
  const [chosen, setChosen] = useState(from);
  const percents = from === "off" || PERCENTS.includes(from) ? PERCENTS : [...PERCENTS, from];
  const choices = [
    { label: t("Off: ask about every pair"), value: "off" },
    ...percents.map((percent) => ({ label: t("From {percent}% on", { percent }), value: percent })),
  ];
  return (
    <Card>
      <fetcher.Form method="post">
        <input type="hidden" name="decision" value="automatic" />
        <BlockStack gap="300">
          <BlockStack gap="100">
            <Text as="h2" variant="headingMd">
              {t("Merging by itself")}
            </Text>
            <Text as="p" tone="subdued">
              {t(
                "Pairs at least this likely are merged without you, and can be undone like any other. What you decided about a pair is never changed.",
              )}
            </Text>
          </BlockStack>
          <Select
            label={t("Merge without asking")}
            labelHidden
            name="from"
            options={choices}
            value={chosen}
            onChange={setChosen}
          />
          <InlineStack align="space-between" blockAlign="center" gap="200">
            <Text as="p" variant="bodySm" tone="subdued">
              {learned ? (
                <Sentence text="All customers were compared {when}" parts={{ when: <Instant at={learned} /> }} />
              ) : (
                t("All customers are compared once there are 20 of them.")
              )}
            </Text>
            <Button submit loading={fetcher.state !== "idle"} disabled={chosen === from}>
              {t("Save")}
            </Button>
          </InlineStack>
        </BlockStack>
      </fetcher.Form>
    </Card>
  );
}
