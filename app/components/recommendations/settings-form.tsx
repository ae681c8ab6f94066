import { useNavigation, useSubmit } from "@remix-run/react";
import { BlockStack, Card, InlineGrid, Select, Text, TextField } from "@shopify/polaris";
import { type ReactNode, useState } from "react";
import type { RecommendationSettings } from "../../recommendation/settings.ts";
import { t } from "../../texts/text.ts";
import { SaveBar } from "../save-bar.tsx";

export interface SettingsFormProps {
  settings: RecommendationSettings;
  /** What became of the last form. */
  answer: ReactNode;
}

/** What stands in each place of the theme, how sure a personal list has to be, and how much is tried out and held out. */
export function SettingsForm({ settings, answer }: SettingsFormProps) {
  const submit = useSubmit();
  const { state, formData } = useNavigation();
  const busy = state !== "idle" && formData?.get("intent") === "settings";
  const kept = toForm(settings);
  const [form, setForm] = useState(kept);
  const field = <Key extends keyof Form>(name: Key) => ({
    name,
    value: form[name],
    onChange: (value: string): void => setForm((before) => ({ ...before, [name]: value })),
  });
  const save = (): void => submit({ intent: "settings", ...form }, { method: "post" });
  return (
    <>
      <SaveBar
        id="recommendation-settings"
        changed={Object.entries(kept).some(([name, value]) => form[name as keyof Form] !== value)}
        busy={busy}
        onSave={save}
        onDiscard={() => setForm(kept)}
      />
      <BlockStack gap="400">
        {answer}
        <Card>
          <BlockStack gap="400">
            <Text as="h2" variant="headingMd">
              {t("What stands in each place")}
            </Text>
            <InlineGrid columns={{ xs: 1, md: 3 }} gap="400">
              <Select
                label={t("On a product page")}
                {...field("product")}
                options={[
                  { label: t("What is bought with the product"), value: "goes_with" },
                  { label: t("What is like the product"), value: "similar" },
                  { label: t("What is popular"), value: "popular" },
                ]}
              />
              <Select
                label={t("On the home page")}
                {...field("home")}
                options={[
                  { label: t("For the person who looks"), value: "personal" },
                  { label: t("What is popular"), value: "popular" },
                ]}
              />
              <Select
                label={t("On a collection page")}
                {...field("collection")}
                options={[
                  { label: t("For the person who looks"), value: "personal" },
                  { label: t("What goes with the collection’s products"), value: "goes_with" },
                ]}
              />
            </InlineGrid>
            <Text as="p" tone="subdued">
              {t("In the cart stands what is bought with its products.")}
            </Text>
          </BlockStack>
        </Card>
        <Card>
          <BlockStack gap="400">
            <Text as="h2" variant="headingMd">
              {t("How sure, and how it is measured")}
            </Text>
            <InlineGrid columns={{ xs: 1, md: 3 }} gap="400">
              <TextField
                label={t("Show a personal list from a confidence of")}
                {...field("threshold")}
                type="number"
                min={50}
                max={99}
                step={1}
                suffix="%"
                autoComplete="off"
                helpText={t(
                  "The probability that the personal list beats what is popular, for this kind of customer. Below it, what is popular is shown.",
                )}
              />
              <TextField
                label={t("Places that try out new products, at most")}
                {...field("exploration")}
                type="number"
                min={0}
                max={10}
                step={0.5}
                suffix="%"
                autoComplete="off"
                helpText={t(
                  "New products have no past to be recommended by. They stand in the fourth place of some lists, never first. 0: none.",
                )}
              />
              <TextField
                label={t("People held out to compare with")}
                {...field("holdout")}
                type="number"
                min={0}
                max={50}
                step={0.5}
                suffix="%"
                autoComplete="off"
                helpText={t(
                  "They are shown what is popular. Another share begins the comparison anew. 0: nobody, and results cannot be told.",
                )}
              />
            </InlineGrid>
          </BlockStack>
        </Card>
      </BlockStack>
    </>
  );
}

type Form = ReturnType<typeof toForm>;

/** Settings as they are typed. */
function toForm({ strategies, threshold, explorationShare, holdoutShare }: RecommendationSettings) {
  return {
    product: strategies.product as string,
    home: strategies.home as string,
    collection: strategies.collection as string,
    threshold: inPercent(threshold),
    exploration: inPercent(explorationShare),
    holdout: inPercent(holdoutShare),
  };
}

function inPercent(share: number): string {
  return String(Math.round(share * 1_000) / 10);
}
