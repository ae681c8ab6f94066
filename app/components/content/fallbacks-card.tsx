import { BlockStack, Card, InlineGrid, Text, TextField } from "@shopify/polaris";
import { OWN_TRAIT, PERSONAL, TOP } from "../../content/dictionary.ts";
import { nameWords } from "../rule/words.ts";
import type { Fallbacks } from "../../content/scope.ts";
import { t } from "../../texts/text.ts";

export interface FallbacksCardProps {
  source: string;
  fallbacks: Fallbacks;
  onChange(fallbacks: Fallbacks): void;
}

/** What stands where a customer has no value: one field for each personal value the block uses. */
export function FallbacksCard({ source, fallbacks, onChange }: FallbacksCardProps) {
  const traits = [...source.matchAll(/\btraits\.\w+/g)].map(([name]) => name).filter((name) => OWN_TRAIT.test(name));
  const used = [
    ...PERSONAL.filter((name) => fallbacks[name] !== undefined || new RegExp(`\\b${name}\\b`).test(source)),
    ...new Set([...Object.keys(fallbacks).filter((name) => OWN_TRAIT.test(name)), ...traits]),
  ];
  return (
    <Card>
      <BlockStack gap="300">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t("When a value is missing")}
          </Text>
          <Text as="p" tone="subdued">
            {used.length === 0
              ? t("The block uses no personal value, so nothing can be missing.")
              : t("This stands in its place, also for visitors nobody knows. Empty: nothing stands there.")}
          </Text>
        </BlockStack>
        {used.length > 0 && (
          <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
            {used.map((name) => (
              <TextField
                key={name}
                label={labelOf(name)}
                helpText={<span translate="no">{name}</span>}
                autoComplete="off"
                maxLength={200}
                value={fallbacks[name] ?? ""}
                onChange={(value) => {
                  const { [name]: _, ...others } = fallbacks;
                  onChange(value === "" ? others : { ...others, [name]: value });
                }}
              />
            ))}
          </InlineGrid>
        )}
      </BlockStack>
    </Card>
  );
}

/** What the value is; how it is written is said behind a semicolon, in every language. */
function labelOf(name: string): string {
  const known = TOP.find((one) => one.name === name);
  return known ? (t(known.about).split(";")[0] ?? "") : nameWords(name);
}
