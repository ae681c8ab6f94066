import { useNavigation, useSubmit } from "@remix-run/react";
import {
  BlockStack,
  Button,
  Card,
  Checkbox,
  FormLayout,
  InlineGrid,
  InlineStack,
  Select,
  Tag,
  Text,
  TextField,
} from "@shopify/polaris";
import { type ReactNode, useState } from "react";
import type { Rules } from "../../recommendation/rules.ts";
import { SaveBar } from "../save-bar.tsx";
import { PreviewCard } from "./preview-card.tsx";
import { ProductField } from "./product-field.tsx";
import { t } from "../../texts/text.ts";

export interface RulesFormProps {
  rules: Rules;
  /** Of products, by their id. */
  titles: Record<string, string>;
  currency: string | null;
  /** What became of the last form. */
  answer: ReactNode;
}

const STRENGTHS = [
  { label: "Much further up", value: "3" },
  { label: "Further up", value: "1.5" },
  { label: "Further down", value: "0.5" },
  { label: "Much further down", value: "0.2" },
] as const;

/** What every list obeys, before it is cut to its length. */
export function RulesForm({ rules, titles, currency, answer }: RulesFormProps) {
  const submit = useSubmit();
  const { state, formData } = useNavigation();
  const busy = state !== "idle" && formData?.get("intent") === "rules";
  const [form, setForm] = useState(() => toForm(rules));
  const [names, setNames] = useState(titles);
  const set =
    <Key extends keyof Form>(key: Key) =>
    (value: Form[Key]): void =>
      setForm((before) => ({ ...before, [key]: value }));
  const add = (key: "pinned" | "hidden", id: string, title: string): void => {
    setNames((before) => ({ ...before, [id]: title }));
    setForm((before) => ({ ...before, [key]: [...before[key].filter((one) => one !== id), id] }));
  };
  const drop = (key: "pinned" | "hidden", id: string) => (): void =>
    setForm((before) => ({ ...before, [key]: before[key].filter((one) => one !== id) }));
  const chosen = (key: "pinned" | "hidden") =>
    form[key].length > 0 && (
      <InlineStack gap="200">
        {form[key].map((id) => (
          <Tag key={id} onRemove={drop(key, id)}>
            {names[id] ?? t("Product {id}, which is gone", { id })}
          </Tag>
        ))}
      </InlineStack>
    );
  const money = currency ?? "";
  const written = JSON.stringify(fromForm(form));

  return (
    <BlockStack gap="400">
      <SaveBar
        id="recommendation-rules"
        changed={written !== JSON.stringify(fromForm(toForm(rules)))}
        busy={busy}
        onSave={() => submit({ intent: "rules", rules: written }, { method: "post" })}
        onDiscard={() => setForm(toForm(rules))}
      />
      {answer}
      <Card>
        <BlockStack gap="400">
          <Text as="h2" variant="headingMd">
            {t("Which products may be shown")}
          </Text>
          <FormLayout>
            <Checkbox
              label={t("Only products in stock")}
              helpText={t("Blocks in your theme never show what cannot be bought.")}
              checked={form.onlyInStock}
              onChange={set("onlyInStock")}
            />
            <Checkbox
              label={t("Not what the customer bought already")}
              helpText={t("Kinds of products that are bought again and again are still shown.")}
              checked={form.hideBought}
              onChange={set("hideBought")}
            />
            <FormLayout.Group condensed>
              <TextField
                label={t("Price from")}
                type="number"
                min={0}
                suffix={money}
                autoComplete="off"
                value={form.priceFrom}
                onChange={set("priceFrom")}
              />
              <TextField
                label={t("Price to")}
                type="number"
                min={0}
                suffix={money}
                autoComplete="off"
                value={form.priceTo}
                onChange={set("priceTo")}
              />
            </FormLayout.Group>
            <TextField
              label={t("Never products with one of these tags")}
              helpText={t("Tags as they are in Shopify, separated by commas.")}
              autoComplete="off"
              value={form.excludedTags}
              onChange={set("excludedTags")}
            />
            <ProductField label={t("Hide a product")} onChoose={({ id, title }) => add("hidden", id, title)} />
            {chosen("hidden")}
          </FormLayout>
        </BlockStack>
      </Card>
      <Card>
        <BlockStack gap="400">
          <Text as="h2" variant="headingMd">
            {t("What stands where")}
          </Text>
          <FormLayout>
            <ProductField
              label={t("Pin a product")}
              helpText={t("Pinned products stand first in every list, in this order.")}
              onChoose={({ id, title }) => add("pinned", id, title)}
            />
            {chosen("pinned")}
            {form.boosts.map(({ key, tag, factor }, at) => (
              <InlineGrid key={key} columns={{ xs: "1fr", sm: "2fr 2fr auto" }} gap="300" alignItems="end">
                <TextField
                  label={t("Products with the tag")}
                  autoComplete="off"
                  value={tag}
                  onChange={(value) => set("boosts")(form.boosts.with(at, { key, tag: value, factor }))}
                />
                <Select
                  label={t("Stand")}
                  options={strengths(factor)}
                  value={factor}
                  onChange={(value) => set("boosts")(form.boosts.with(at, { key, tag, factor: value }))}
                />
                <Button
                  accessibilityLabel={
                    tag === "" ? t("Remove the boost of no tag") : t("Remove the boost of {tag}", { tag })
                  }
                  onClick={() => set("boosts")(form.boosts.toSpliced(at, 1))}
                >
                  {t("Remove")}
                </Button>
              </InlineGrid>
            ))}
            <InlineStack>
              <Button
                onClick={() => set("boosts")([...form.boosts, { key: Math.random(), tag: "", factor: "1.5" }])}
                disabled={form.boosts.length >= 20}
              >
                {t("Add a boost")}
              </Button>
            </InlineStack>
            <InlineGrid columns={3} gap={{ xs: "200", sm: "400" }} alignItems="end">
              <TextField
                label={t("Products in a list")}
                type="number"
                min={1}
                max={24}
                autoComplete="off"
                value={form.slots}
                onChange={set("slots")}
              />
              <TextField
                label={t("At most of one vendor")}
                type="number"
                min={1}
                max={24}
                autoComplete="off"
                value={form.perVendor}
                onChange={set("perVendor")}
              />
              <TextField
                label={t("At most of one type")}
                type="number"
                min={1}
                max={24}
                autoComplete="off"
                value={form.perType}
                onChange={set("perType")}
              />
            </InlineGrid>
            <Text as="p" tone="subdued">
              {t("A place never stays empty: before it would, more of one vendor or type are shown.")}
            </Text>
          </FormLayout>
        </BlockStack>
      </Card>
      <PreviewCard rules={fromForm(form)} />
    </BlockStack>
  );
}

/** How far up or down, with the one that is set. */
function strengths(factor: string): { label: string; value: string }[] {
  const named = STRENGTHS.map(({ label, value }) => ({ label: t(label), value: value as string }));
  return named.some(({ value }) => value === factor) ? named : [...named, { label: `× ${factor}`, value: factor }];
}

/** Rules as they are typed. */
type Form = ReturnType<typeof toForm>;

function toForm(rules: Rules) {
  return {
    ...rules,
    slots: String(rules.slots),
    perVendor: String(rules.perVendor),
    perType: String(rules.perType),
    priceFrom: rules.priceFrom === null ? "" : String(rules.priceFrom),
    priceTo: rules.priceTo === null ? "" : String(rules.priceTo),
    excludedTags: rules.excludedTags.join(", "),
    boosts: rules.boosts.map(({ tag, factor }, at) => ({ key: at, tag, factor: String(factor) })),
  };
}

/** As the server reads it; what is no number is for it to refuse. */
function fromForm({ excludedTags, boosts, priceFrom, priceTo, slots, perVendor, perType, ...rest }: Form): object {
  const tags = excludedTags.split(",").map((tag) => tag.trim());
  const price = (text: string) => (text.trim() === "" ? null : Number(text));
  return {
    ...rest,
    slots: Number(slots),
    perVendor: Number(perVendor),
    perType: Number(perType),
    priceFrom: price(priceFrom),
    priceTo: price(priceTo),
    excludedTags: tags.filter((tag) => tag !== ""),
    boosts: boosts
      .filter(({ tag }) => tag.trim() !== "")
      .map(({ tag, factor }) => ({ tag: tag.trim(), factor: Number(factor) })),
  };
}
