import { Form, useNavigation } from "@remix-run/react";
import { BlockStack, Button, Card, FormLayout, InlineStack, Select, Text, TextField } from "@shopify/polaris";
import { type ReactNode, useState } from "react";
import type { RecommendationSettings } from "../../recommendation/settings.ts";
import { t } from "../../texts/text.ts";

export interface SettingsFormProps {
  settings: RecommendationSettings;
  /** What became of the last form, beside its button. */
  answer: ReactNode;
}

/** What stands in each place of the theme, how sure a personal list has to be, and how much is tried out and held out. */
export function SettingsForm({ settings, answer }: SettingsFormProps) {
  const { state, formData } = useNavigation();
  const busy = state !== "idle" && formData?.get("intent") === "settings";
  const [product, setProduct] = useState<string>(settings.strategies.product);
  const [home, setHome] = useState<string>(settings.strategies.home);
  const [collection, setCollection] = useState<string>(settings.strategies.collection);
  const [threshold, setThreshold] = useState(inPercent(settings.threshold));
  const [exploration, setExploration] = useState(inPercent(settings.explorationShare));
  const [holdout, setHoldout] = useState(inPercent(settings.holdoutShare));
  return (
    <Form method="post" noValidate>
      <input type="hidden" name="intent" value="settings" />
      <BlockStack gap="400">
        <Card>
          <BlockStack gap="400">
            <Text as="h2" variant="headingMd">
              {t("What stands in each place")}
            </Text>
            <FormLayout>
              <Select
                label={t("On a product page")}
                name="product"
                value={product}
                onChange={setProduct}
                options={[
                  { label: t("What is bought with the product"), value: "goes_with" },
                  { label: t("What is like the product"), value: "similar" },
                  { label: t("What is popular"), value: "popular" },
                ]}
              />
              <Select
                label={t("On the home page")}
                name="home"
                value={home}
                onChange={setHome}
                options={[
                  { label: t("For the person who looks"), value: "personal" },
                  { label: t("What is popular"), value: "popular" },
                ]}
              />
              <Select
                label={t("On a collection page")}
                name="collection"
                value={collection}
                onChange={setCollection}
                options={[
                  { label: t("For the person who looks"), value: "personal" },
                  { label: t("What goes with the collection’s products"), value: "goes_with" },
                ]}
              />
              <Text as="p" tone="subdued">
                {t("In the cart stands what is bought with its products.")}
              </Text>
            </FormLayout>
          </BlockStack>
        </Card>
        <Card>
          <BlockStack gap="400">
            <Text as="h2" variant="headingMd">
              {t("How sure, and how it is measured")}
            </Text>
            <FormLayout>
              <TextField
                label={t("Show a personal list from a confidence of")}
                name="threshold"
                type="number"
                min={50}
                max={99}
                step={1}
                suffix="%"
                autoComplete="off"
                value={threshold}
                onChange={setThreshold}
                helpText={t(
                  "The probability that the personal list beats what is popular, for this kind of customer. Below it, what is popular is shown.",
                )}
              />
              <TextField
                label={t("Places that try out new products, at most")}
                name="exploration"
                type="number"
                min={0}
                max={10}
                step={0.5}
                suffix="%"
                autoComplete="off"
                value={exploration}
                onChange={setExploration}
                helpText={t(
                  "New products have no past to be recommended by. They stand in the fourth place of some lists, never first. 0: none.",
                )}
              />
              <TextField
                label={t("People held out to compare with")}
                name="holdout"
                type="number"
                min={0}
                max={50}
                step={0.5}
                suffix="%"
                autoComplete="off"
                value={holdout}
                onChange={setHoldout}
                helpText={t(
                  "They are shown what is popular. Another share begins the comparison anew. 0: nobody, and results cannot be told.",
                )}
              />
              {answer}
              <InlineStack>
                <Button submit variant="primary" loading={busy}>
                  {t("Save settings")}
                </Button>
              </InlineStack>
            </FormLayout>
          </BlockStack>
        </Card>
      </BlockStack>
    </Form>
  );
}

function inPercent(share: number): string {
  return String(Math.round(share * 1_000) / 10);
}
