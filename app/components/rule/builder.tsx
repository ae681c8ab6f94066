import { BlockStack, Box, Button, InlineGrid, InlineStack, Select, Text, TextField } from "@shopify/polaris";
import { DeleteIcon } from "@shopify/polaris-icons";
import { memo, type ReactNode, useCallback, useRef } from "react";
import type { Dictionary } from "../../segment/language/dictionary.ts";
import type { Condition, Duration, Group, Rule } from "../../segment/language/tree.ts";
import { t } from "../../texts/text.ts";
import { Sentence } from "../text.tsx";
import { EventEditor, firstEvent, SequenceEditor } from "./event-editors.tsx";
import { SubjectField } from "./subject-field.tsx";
import { firstTest, TestEditor } from "./test-editor.tsx";
import { durationUnits, typedDuration } from "./words.ts";

export interface BuilderProps {
  rule: Rule;
  dictionary: Dictionary;
  /** Whether how long somebody stays in or out can be said too. */
  policies: boolean;
  onChange(rule: Rule): void;
}

/** The visual face: the tree as rows that can be changed. Whatever is built is written as text and read as such. It is large: only another rule draws it anew. */
export const Builder = memo(function Builder({ rule, dictionary, policies, onChange }: BuilderProps) {
  const root = asGroup(rule.when);
  const { stayAtLeast, expireAfter, noReentryFor } = rule;
  const latest = useRef({ rule, onChange });
  latest.current = { rule, onChange };
  const setPolicy = useCallback<SetPolicy>(
    (key, next) => latest.current.onChange({ ...latest.current.rule, [key]: next }),
    [],
  );
  return (
    <BlockStack gap="400">
      <GroupEditor group={root} dictionary={dictionary} onChange={(when) => onChange({ ...rule, when })} />
      {policies && <PoliciesEditor {...{ stayAtLeast, expireAfter, noReentryFor }} onChange={setPolicy} />}
    </BlockStack>
  );
});

function asGroup(condition: Condition): Group {
  return condition.kind === "all" || condition.kind === "any" ? condition : { kind: "all", of: [condition] };
}

function firstCondition(dictionary: Dictionary): Condition {
  return conditionOn("number_of_orders", dictionary);
}

function conditionOn(name: string, dictionary: Dictionary): Condition {
  const attribute = dictionary.attribute(name);
  if (!attribute) return firstEvent(name);
  return { kind: "attribute", name: attribute.name, test: firstTest({ ...attribute, place: "attribute" }) };
}

interface Editing {
  dictionary: Dictionary;
  onChange(condition: Condition): void;
}

function GroupEditor({
  group,
  dictionary,
  onChange,
  head,
}: Editing & { group: Group; head?: ReactNode; onChange(group: Group): void }) {
  const latest = useRef({ group, onChange });
  latest.current = { group, onChange };
  const replace = useCallback((index: number, part: Condition | null): void => {
    const { group: now, onChange: change } = latest.current;
    change({ ...now, of: now.of.flatMap((old, at) => (at === index ? (part ? [part] : []) : [old])) });
  }, []);
  const add = (part: Condition): void => onChange({ ...group, of: [...group.of, part] });
  return (
    <BlockStack gap="300">
      <InlineStack gap="200" align="start" blockAlign="center">
        {head}
        <Select
          label={t("How the conditions join")}
          labelHidden
          options={[
            { value: "all", label: t("All of these are true") },
            { value: "any", label: t("Any of these is true") },
          ]}
          value={group.kind}
          onChange={(kind) => onChange({ ...group, kind: kind as Group["kind"] })}
        />
      </InlineStack>
      <BlockStack gap="300" as="ul">
        {group.of.map((part, index) => (
          // Conditions have no names of their own; a row keeps its place.
          <Row key={index} {...{ part, index, dictionary, replace }} />
        ))}
      </BlockStack>
      {group.of.length === 0 && (
        <Text as="p" tone="subdued">
          {t("Nothing is asked yet. Add a condition.")}
        </Text>
      )}
      <InlineStack gap="200" align="start">
        <Button onClick={() => add(firstCondition(dictionary))}>{t("Add condition")}</Button>
        <Button
          variant="tertiary"
          onClick={() => add({ kind: group.kind === "all" ? "any" : "all", of: [firstCondition(dictionary)] })}
        >
          {t("Add group")}
        </Button>
      </InlineStack>
    </BlockStack>
  );
}

interface RowProps {
  part: Condition;
  index: number;
  dictionary: Dictionary;
  replace(index: number, part: Condition | null): void;
}

/** One of many fields is changed at a time, and a row is dear to draw. */
const Row = memo(function Row({ part, index, dictionary, replace }: RowProps) {
  return (
    <li style={{ listStyle: "none" }}>
      <Box
        padding="300"
        borderWidth="025"
        borderColor="border"
        borderRadius="200"
        background={isGroup(part) ? "bg-surface-secondary" : "bg-surface"}
      >
        <InlineStack gap="200" blockAlign="start" align="space-between" wrap={false}>
          <div style={{ flex: 1, minWidth: 0 }}>
            <ConditionEditor condition={part} dictionary={dictionary} onChange={(changed) => replace(index, changed)} />
          </div>
          <Button
            icon={DeleteIcon}
            variant="tertiary"
            accessibilityLabel={t("Remove condition {number}", { number: index + 1 })}
            onClick={() => replace(index, null)}
          />
        </InlineStack>
      </Box>
    </li>
  );
});

function isGroup(condition: Condition): boolean {
  return isGroupKind(condition.kind === "not" ? condition.of.kind : condition.kind);
}

function isGroupKind(kind: Condition["kind"]): boolean {
  return kind === "all" || kind === "any";
}

function ConditionEditor({ condition, dictionary, onChange }: Editing & { condition: Condition }) {
  const negated = condition.kind === "not";
  const inner = condition.kind === "not" ? condition.of : condition;
  const change = (part: Condition): void => onChange(negated ? { kind: "not", of: part } : part);
  const sign = (
    <Select
      label={t("Whether it is asked for or ruled out")}
      labelHidden
      options={
        inner.kind === "event"
          ? [
              { value: "so", label: t("Did") },
              { value: "not", label: t("Did not") },
            ]
          : [
              { value: "so", label: t("It is so that") },
              { value: "not", label: t("It is not so that") },
            ]
      }
      value={negated ? "not" : "so"}
      onChange={(value) => onChange(value === "not" ? { kind: "not", of: inner } : inner)}
    />
  );
  switch (inner.kind) {
    case "all":
    case "any":
      return <GroupEditor group={inner} dictionary={dictionary} onChange={change} head={sign} />;
    case "not":
      return <ConditionEditor condition={inner} dictionary={dictionary} onChange={change} />;
    case "attribute": {
      const attribute = dictionary.attribute(inner.name);
      return (
        <InlineStack gap="200" align="start" blockAlign="center">
          <SubjectField
            dictionary={dictionary}
            name={inner.name}
            offer="everything"
            onChange={(name) => onChange(conditionOn(name, dictionary))}
          />
          <TestEditor
            subject={{ type: "any", ...attribute, place: "attribute" }}
            test={inner.test}
            onChange={(test) => change({ ...inner, test })}
          />
        </InlineStack>
      );
    }
    case "event":
      return (
        <EventEditor
          clause={inner}
          dictionary={dictionary}
          sign={sign}
          onChange={change}
          onSubject={(name) => change(conditionOn(name, dictionary))}
        />
      );
    case "sequence":
      return <SequenceEditor clause={inner} dictionary={dictionary} onChange={change} />;
    case "anniversary":
      return (
        <InlineStack gap="200" align="start" blockAlign="center">
          <Text as="span">{t("The yearly return of")}</Text>
          <TextField
            label={t("Name of a date")}
            labelHidden
            autoComplete="off"
            value={inner.name}
            onChange={(name) => change({ ...inner, name })}
          />
          <TestEditor
            subject={{ type: "date", place: "attribute" }}
            test={inner.test}
            onChange={(test) => change({ ...inner, test })}
          />
        </InlineStack>
      );
    case "sample":
      return (
        <InlineStack gap="200" align="start" blockAlign="center">
          <Sentence
            text="In a random, lasting share of {share} of all customers"
            parts={{
              share: (
                <div style={{ width: "6rem" }}>
                  <TextField
                    label={t("Share")}
                    labelHidden
                    type="number"
                    suffix="%"
                    autoComplete="off"
                    value={String(inner.share / 100)}
                    onChange={(text) => change({ ...inner, share: Math.round(Number(text) * 100) || 0 })}
                  />
                </div>
              ),
            }}
          />
        </InlineStack>
      );
    case "distance":
      return (
        <InlineStack gap="200" align="start" blockAlign="center">
          <Text as="span">{t("Has an address within")}</Text>
          {(["distance", "latitude", "longitude"] as const).map((field) => (
            <div key={field} style={{ width: "8rem" }}>
              <TextField
                label={t(field)}
                labelHidden
                autoComplete="off"
                value={inner[field]}
                {...(field === "distance" && { suffix: inner.unit })}
                prefix={field === "distance" ? "" : field === "latitude" ? t("lat.") : t("long.")}
                onChange={(text) => change({ ...inner, [field]: text.trim() })}
              />
            </div>
          ))}
        </InlineStack>
      );
  }
}

const POLICIES = [
  { key: "stayAtLeast", label: "Stay at least", help: "Whoever enters stays this long, whatever the conditions say." },
  { key: "expireAfter", label: "Leave after silence of", help: "Without any activity for this long, a member leaves." },
  { key: "noReentryFor", label: "Not back for", help: "Whoever left does not come back sooner." },
] as const;

type Policies = Pick<Rule, (typeof POLICIES)[number]["key"]>;
type SetPolicy = (key: keyof Policies, next: Duration | undefined) => void;

const PoliciesEditor = memo(function PoliciesEditor({ onChange, ...policies }: Policies & { onChange: SetPolicy }) {
  return (
    <InlineGrid columns={{ xs: 1, md: "repeat(auto-fit, minmax(10.5rem, 1fr))" }} gap="400">
      {POLICIES.map(({ key, label, help }) => {
        const duration = policies[key];
        const set = (next: Duration | undefined): void => onChange(key, next);
        return (
          <div key={key}>
            <TextField
              label={t(label)}
              helpText={t(help)}
              type="integer"
              min={0}
              autoComplete="off"
              placeholder={t("No limit")}
              value={duration ? String(duration.amount) : ""}
              onChange={(text) => set(typedDuration(text, duration?.unit ?? "d"))}
              connectedRight={
                <Select
                  label={t("{policy}: unit", { policy: t(label) })}
                  labelHidden
                  options={durationUnits()}
                  value={duration?.unit ?? "d"}
                  disabled={!duration}
                  onChange={(unit) => duration && set({ ...duration, unit: unit as Duration["unit"] })}
                />
              }
            />
          </div>
        );
      })}
    </InlineGrid>
  );
});
