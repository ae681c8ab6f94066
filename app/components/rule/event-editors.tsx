import { BlockStack, Button, InlineStack, Select, Text, TextField } from "@shopify/polaris";
import { DeleteIcon } from "@shopify/polaris-icons";
import type { ReactNode } from "react";
import { aggregateType } from "../../segment/language/aggregates.ts";
import { type Dictionary, type EventKind, findProperty, propertyNames } from "../../segment/language/dictionary.ts";
import type {
  AggregateFunction,
  AggregateTest,
  Condition,
  Duration,
  EventClause,
  PropertyTest,
  SequenceClause,
  Step,
} from "../../segment/language/tree.ts";
import { t } from "../../texts/text.ts";
import { SubjectField } from "./subject-field.tsx";
import { firstTest, TestEditor } from "./test-editor.tsx";
import { AGGREGATE_WORDS, durationUnits, nameWords, typedDuration } from "./words.ts";

/** A new condition on an event: at least one, in the last 30 days. */
export function firstEvent(event: string): EventClause {
  const test = firstTest({ type: "date", place: "parameter" });
  return { kind: "event", event, where: [{ property: "date", test }], having: [] };
}

interface EventEditorProps {
  clause: EventClause;
  dictionary: Dictionary;
  /** Did, or did not. */
  sign: ReactNode;
  onChange(condition: Condition): void;
  onSubject(name: string): void;
}

/** What somebody did or did not do, which of it counts, and how often or how much. */
export function EventEditor({ clause, dictionary, sign, onChange, onSubject }: EventEditorProps) {
  const event = dictionary.event(clause.event);
  if (!event) return <Text as="span">{clause.event}</Text>;
  const having = (changed: AggregateTest[]): void => onChange({ ...clause, having: changed });
  const first: Step = { event: clause.event, where: clause.where };
  return (
    <BlockStack gap="200">
      <InlineStack gap="200" align="start" blockAlign="center">
        {sign}
        <SubjectField dictionary={dictionary} name={clause.event} offer="everything" onChange={onSubject} />
      </InlineStack>
      <WhereEditor event={event} where={clause.where} onChange={(where) => onChange({ ...clause, where })} />
      {clause.having.map((test, index) => (
        <AggregateEditor
          key={index}
          event={event}
          test={test}
          onChange={(changed) => having(clause.having.with(index, changed))}
          onRemove={() => having(clause.having.toSpliced(index, 1))}
        />
      ))}
      <InlineStack gap="300" align="start">
        <Button
          variant="plain"
          onClick={() => onChange({ ...clause, where: [...clause.where, firstWhere(event, clause.where)] })}
        >
          {t("Add detail")}
        </Button>
        <Button variant="plain" onClick={() => having([...clause.having, { fn: "count", test: countTest() }])}>
          {t("Add how often or how much")}
        </Button>
        {clause.having.length === 0 && (
          <Button
            variant="plain"
            onClick={() =>
              onChange({
                kind: "sequence",
                steps: [first, { event: "orders_placed", where: [], within: HOUR, absent: true }],
              })
            }
          >
            {t("Add what came next")}
          </Button>
        )}
      </InlineStack>
    </BlockStack>
  );
}

const HOUR: Duration = { amount: 1, unit: "h" };

function countTest(): AggregateTest["test"] {
  return { op: ">=", value: { kind: "number", value: "2" } };
}

function firstWhere(event: EventKind, where: readonly PropertyTest[]): PropertyTest {
  const names = propertyNames(event);
  const property = names.find((name) => !where.some((test) => test.property === name)) ?? names[0] ?? "date";
  return { property, test: firstTest({ type: "any", ...findProperty(event, property), place: "parameter" }) };
}

function WhereEditor({
  event,
  where,
  onChange,
}: {
  event: EventKind;
  where: readonly PropertyTest[];
  onChange(where: PropertyTest[]): void;
}) {
  return where.map(({ property, test }, index) => (
    <Removable
      key={index}
      label={t("Remove the detail {name}", { name: nameWords(property) })}
      onRemove={() => onChange(where.toSpliced(index, 1))}
    >
      <Text as="span" tone="subdued">
        {t("where|a condition")}
      </Text>
      <PropertyField
        event={event}
        property={property}
        onChange={(name) =>
          onChange(
            where.with(index, {
              property: name,
              test: firstTest({ type: "any", ...findProperty(event, name), place: "parameter" }),
            }),
          )
        }
      />
      <TestEditor
        subject={{ type: "any", ...findProperty(event, property), place: "parameter" }}
        test={test}
        onChange={(changed) => onChange(where.with(index, { property, test: changed }))}
      />
    </Removable>
  ));
}

/** A row of fields that may take several lines, with the way to be rid of it at the end of the first. */
function Removable({ label, onRemove, children }: { label: string; onRemove(): void; children: ReactNode }) {
  return (
    <InlineStack gap="200" align="space-between" blockAlign="start" wrap={false}>
      <InlineStack gap="200" align="start" blockAlign="center">
        {children}
      </InlineStack>
      <Button icon={DeleteIcon} variant="tertiary" accessibilityLabel={label} onClick={onRemove} />
    </InlineStack>
  );
}

function PropertyField({
  event,
  property,
  onChange,
}: {
  event: EventKind;
  property: string;
  onChange(name: string): void;
}) {
  if (event.open) {
    return (
      <TextField
        label={t("Property")}
        labelHidden
        autoComplete="off"
        value={property}
        onChange={(name) => onChange(name.trim())}
      />
    );
  }
  return (
    <Select
      label={t("Property")}
      labelHidden
      options={propertyNames(event).map((name) => ({ value: name, label: nameWords(name) }))}
      value={property}
      onChange={onChange}
    />
  );
}

function AggregateEditor({
  event,
  test,
  onChange,
  onRemove,
}: {
  event: EventKind;
  test: AggregateTest;
  onChange(test: AggregateTest): void;
  onRemove(): void;
}) {
  const fits = (fn: AggregateFunction): string[] =>
    propertyNames(event).filter((name) => typeOf(event, fn, name) !== null);
  const functions = (Object.keys(AGGREGATE_WORDS) as AggregateFunction[]).filter(
    (fn) => fn === "count" || fits(fn).length > 0,
  );
  const change = (fn: AggregateFunction, property: string | undefined): void => {
    const type = typeOf(event, fn, property) ?? "integer";
    const next = fn === "count" || fn === "distinct" ? countTest() : firstTest({ type, place: "aggregate" });
    onChange({ fn, ...(property !== undefined && { property }), test: next });
  };
  return (
    <Removable label={t("Remove the count")} onRemove={onRemove}>
      <Select
        label={t("How it is counted")}
        labelHidden
        options={functions.map((fn) => ({ value: fn, label: t(AGGREGATE_WORDS[fn]) }))}
        value={test.fn}
        onChange={(fn) =>
          change(fn as AggregateFunction, fn === "count" ? undefined : fits(fn as AggregateFunction)[0])
        }
      />
      {test.property !== undefined && (
        <Select
          label={t("Property that is counted")}
          labelHidden
          options={fits(test.fn).map((name) => ({ value: name, label: nameWords(name) }))}
          value={test.property}
          onChange={(property) => change(test.fn, property)}
        />
      )}
      <TestEditor
        subject={{ type: typeOf(event, test.fn, test.property) ?? "integer", place: "aggregate" }}
        test={test.test}
        onChange={(changed) => onChange({ ...test, test: changed })}
      />
    </Removable>
  );
}

/** Null where the function makes no sense for the property. */
function typeOf(event: EventKind, fn: AggregateFunction, property: string | undefined) {
  try {
    return aggregateType(event, fn, property, { start: 0, end: 0 });
  } catch {
    return null;
  }
}

/** What somebody did, step by step; the last step may be what they did not do. */
export function SequenceEditor({
  clause,
  dictionary,
  onChange,
}: {
  clause: SequenceClause;
  dictionary: Dictionary;
  onChange(condition: Condition): void;
}) {
  const { steps } = clause;
  const replace = (index: number, step: Step): void => onChange({ ...clause, steps: steps.with(index, step) });
  const remove = (index: number): void => {
    const left = steps.toSpliced(index, 1);
    const [only] = left;
    if (left.length === 1 && only) onChange({ kind: "event", event: only.event, where: only.where, having: [] });
    else onChange({ ...clause, steps: left });
  };
  return (
    <BlockStack gap="300">
      {steps.map((step, index) => {
        const event = dictionary.event(step.event);
        const last = index === steps.length - 1;
        return (
          <BlockStack key={index} gap="200">
            <InlineStack gap="200" align="start" blockAlign="center">
              <Text as="span" fontWeight="medium">
                {index === 0 ? t("Did|first step") : t("then|the next step")}
              </Text>
              {index > 0 && (
                <WithinField within={step.within} onChange={(within) => replace(index, { ...step, within })} />
              )}
              {last && (
                <Select
                  label={t("Whether the last step happened")}
                  labelHidden
                  options={[
                    { value: "did", label: t("did") },
                    { value: "not", label: t("did not") },
                  ]}
                  value={step.absent ? "not" : "did"}
                  onChange={(value) => replace(index, { ...step, absent: value === "not" ? true : undefined })}
                />
              )}
              <SubjectField
                dictionary={dictionary}
                name={step.event}
                offer="events"
                onChange={(name) => replace(index, { ...step, event: name, where: [] })}
              />
              {index > 0 && (
                <Button
                  icon={DeleteIcon}
                  variant="tertiary"
                  accessibilityLabel={t("Remove step {number}", { number: index + 1 })}
                  onClick={() => remove(index)}
                />
              )}
            </InlineStack>
            {event && (
              <WhereEditor event={event} where={step.where} onChange={(where) => replace(index, { ...step, where })} />
            )}
            {event && (
              <InlineStack align="start">
                <Button
                  variant="plain"
                  onClick={() => replace(index, { ...step, where: [...step.where, firstWhere(event, step.where)] })}
                >
                  {t("Add detail")}
                </Button>
              </InlineStack>
            )}
          </BlockStack>
        );
      })}
      {!steps.at(-1)?.absent && (
        <InlineStack align="start">
          <Button
            variant="plain"
            onClick={() => onChange({ ...clause, steps: [...steps, { event: "orders_placed", where: [] }] })}
          >
            {t("Add a step")}
          </Button>
        </InlineStack>
      )}
    </BlockStack>
  );
}

function WithinField({
  within,
  onChange,
}: {
  within: Duration | undefined;
  onChange(within: Duration | undefined): void;
}) {
  return (
    <InlineStack gap="100" align="start" blockAlign="center" wrap={false}>
      <Text as="span">{t("within")}</Text>
      <div style={{ width: "4.5rem" }}>
        <TextField
          label={t("Within how many")}
          labelHidden
          type="integer"
          min={0}
          autoComplete="off"
          placeholder={t("any|stretch of time")}
          value={within ? String(within.amount) : ""}
          onChange={(text) => onChange(typedDuration(text, within?.unit ?? "h"))}
        />
      </div>
      <Select
        label={t("Unit of the time between")}
        labelHidden
        options={durationUnits()}
        value={within?.unit ?? "h"}
        disabled={!within}
        onChange={(unit) => within && onChange({ ...within, unit: unit as Duration["unit"] })}
      />
    </InlineStack>
  );
}
