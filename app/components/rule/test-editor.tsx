import { InlineStack, Select, TextField } from "@shopify/polaris";
import type { Property, ValueType } from "../../segment/language/dictionary.ts";
import type { DateValue, Test, Value } from "../../segment/language/tree.ts";
import { type Operator, operatorsOf, type Subject } from "../../segment/language/typed-test.ts";
import { t } from "../../texts/text.ts";
import { operatorWords, valueWords } from "./words.ts";

export interface TestEditorProps {
  subject: Property & { place: Subject["place"] };
  test: Test;
  onChange(test: Test): void;
}

/** An operator and what stands behind it. */
export function TestEditor({ subject, test, onChange }: TestEditorProps) {
  const { type } = subject;
  const operators = operatorsOf(subject);
  return (
    <InlineStack gap="200" align="start" blockAlign="center" wrap>
      <Select
        label={t("Comparison")}
        labelHidden
        options={operators.map((op) => ({ value: op, label: operatorWords(op, type) }))}
        value={test.op}
        onChange={(op) => onChange(withOperator(test, op as Operator, subject))}
      />
      {"value" in test && (
        <ValueEditor subject={subject} value={test.value} onChange={(value) => onChange({ ...test, value })} />
      )}
      {test.op === "between" && (
        <>
          <ValueEditor subject={subject} value={test.low} onChange={(low) => onChange({ ...test, low })} />
          {t("and|between two values")}
          <ValueEditor subject={subject} value={test.high} onChange={(high) => onChange({ ...test, high })} />
        </>
      )}
      {"values" in test && (
        <ListEditor subject={subject} values={test.values} onChange={(values) => onChange({ ...test, values })} />
      )}
    </InlineStack>
  );
}

/** What a new comparison of this type begins as. */
export function firstTest(subject: Property & { place: Subject["place"] }): Test {
  const ops = operatorsOf(subject);
  const op = subject.type === "date" ? ">" : subject.place === "aggregate" ? ">=" : (ops[0] ?? "=");
  return withOperator({ op: "is_null" }, op, subject);
}

/** The same comparison under another operator; what was typed is kept where it still fits. */
function withOperator(test: Test, op: Operator, subject: Property): Test {
  const kept =
    "value" in test
      ? [test.value]
      : test.op === "between"
        ? [test.low, test.high]
        : "values" in test
          ? test.values
          : [];
  const value = kept[0] ?? firstValue(subject);
  switch (op) {
    case "is_null":
    case "is_not_null":
      return { op };
    case "between":
      return { op, low: value, high: kept[1] ?? value };
    case "in":
    case "not_in":
      return { op, values: kept.length > 0 ? kept : [value] };
    default:
      return { op, value } as Test;
  }
}

function firstValue({ type, values }: Property): Value {
  switch (type) {
    case "date":
      return { kind: "day_offset", amount: -30, unit: "d" };
    case "integer":
    case "number":
    case "money":
    case "id":
      return { kind: "number", value: "1" };
    case "boolean":
      return { kind: "boolean", value: true };
    default:
      return { kind: "text", value: values?.[0] ?? "" };
  }
}

interface ValueEditorProps {
  subject: Property;
  value: Value;
  onChange(value: Value): void;
}

function ValueEditor({ subject, value, onChange }: ValueEditorProps) {
  const { type, values } = subject;
  if (type === "date" && isDate(value)) return <DateEditor value={value} onChange={onChange} />;
  if (value.kind === "boolean") {
    return (
      <Select
        label={t("Value")}
        labelHidden
        options={[
          { value: "true", label: t("true") },
          { value: "false", label: t("false") },
        ]}
        value={String(value.value)}
        onChange={(chosen) => onChange({ kind: "boolean", value: chosen === "true" })}
      />
    );
  }
  if (values && value.kind === "text") {
    return (
      <Select
        label={t("Value")}
        labelHidden
        options={values.map((one) => ({ value: one, label: valueWords(one) }))}
        value={value.value}
        onChange={(chosen) => onChange({ kind: "text", value: chosen })}
      />
    );
  }
  const field = (
    <TextField
      label={t("Value")}
      labelHidden
      autoComplete="off"
      value={typed(value)}
      onChange={(text) => onChange(readTyped(text, type))}
      {...(isNumeric(type) && { inputMode: "decimal" as const })}
      placeholder={type === "id" ? t("Id") : t("Value")}
    />
  );
  // An amount or a count is short, and stays beside its comparison on a phone.
  return isNumeric(type) && type !== "id" ? <div style={{ width: "7rem" }}>{field}</div> : field;
}

/** Values separated by commas. */
function ListEditor({
  subject,
  values,
  onChange,
}: {
  subject: Property;
  values: readonly Value[];
  onChange(values: Value[]): void;
}) {
  const written = values.map(typed).join(", ");
  return (
    <TextField
      label={t("Values")}
      labelHidden
      autoComplete="off"
      value={written}
      placeholder={t("One, two, three")}
      onChange={(text) => onChange(text.split(/,\s?/).map((part) => readTyped(part, subject.type)))}
    />
  );
}

function offsetUnits() {
  return [
    { value: "d", label: t("days") },
    { value: "w", label: t("weeks") },
    { value: "m", label: t("months") },
    { value: "y", label: t("years") },
    { value: "h", label: t("hours") },
    { value: "min", label: t("minutes") },
  ];
}

function dateForms() {
  return [
    { value: "ago", label: t("ago") },
    { value: "ahead", label: t("from now") },
    { value: "day", label: t("a day") },
    { value: "time", label: t("a time") },
  ];
}

/** A day, a time, or a stretch before or after now. Days and longer are whole calendar days; hours and minutes are instants. */
function DateEditor({ value, onChange }: { value: DateValue; onChange(value: Value): void }) {
  const relative = value.kind === "day_offset" || value.kind === "rolling";
  const form = value.kind === "day" ? "day" : value.kind === "time" ? "time" : value.amount > 0 ? "ahead" : "ago";
  const amount = relative ? Math.abs(value.amount) : 30;
  const unit = relative ? value.unit : "d";
  const offset = (count: number, one: string, sign: number): Value =>
    one === "h" || one === "min"
      ? { kind: "rolling", amount: sign * Math.max(1, count), unit: one }
      : { kind: "day_offset", amount: sign * count, unit: one as "d" };
  const sign = form === "ahead" ? 1 : -1;
  return (
    <InlineStack gap="100" align="start" blockAlign="center">
      {relative ? (
        <>
          <div style={{ width: "6rem" }}>
            <TextField
              label={t("How many")}
              labelHidden
              type="integer"
              min={0}
              autoComplete="off"
              value={String(amount)}
              onChange={(text) => onChange(offset(readCount(text), unit, sign))}
            />
          </div>
          <Select
            label={t("Unit")}
            labelHidden
            options={offsetUnits()}
            value={unit}
            onChange={(chosen) => onChange(offset(amount, chosen, sign))}
          />
        </>
      ) : (
        <TextField
          label={value.kind === "day" ? t("Day") : t("Time|a moment")}
          labelHidden
          autoComplete="off"
          type={value.kind === "day" ? "date" : "datetime-local"}
          step={1}
          value={value.value}
          onChange={(text) => onChange(writtenDate(value.kind, text))}
        />
      )}
      <Select
        label={t("Kind of date")}
        labelHidden
        options={dateForms()}
        value={form}
        onChange={(chosen) => {
          if (chosen === "day") onChange({ kind: "day", value: today() });
          else if (chosen === "time") onChange({ kind: "time", value: `${today()}T00:00:00` });
          else onChange(offset(amount, unit, chosen === "ahead" ? 1 : -1));
        }}
      />
    </InlineStack>
  );
}

function writtenDate(kind: "day" | "time", text: string): Value {
  return kind === "day" ? { kind, value: text } : { kind, value: text.length === 16 ? `${text}:00` : text };
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function readCount(text: string): number {
  const count = Math.trunc(Number(text));
  return Number.isFinite(count) && count >= 0 ? count : 0;
}

function isDate(value: Value): value is DateValue {
  return value.kind === "day" || value.kind === "time" || value.kind === "day_offset" || value.kind === "rolling";
}

function isNumeric(type: ValueType): boolean {
  return type === "integer" || type === "number" || type === "money" || type === "id";
}

function typed(value: Value): string {
  return "value" in value ? String(value.value) : String(value.amount);
}

/** Metafields and the shop's own properties take the type of what is typed. */
function readTyped(text: string, type: ValueType): Value {
  if (isNumeric(type)) return { kind: "number", value: text.trim() };
  if (type !== "any") return { kind: "text", value: text };
  if (/^-?\d+(\.\d+)?$/.test(text)) return { kind: "number", value: text };
  return text === "true" || text === "false"
    ? { kind: "boolean", value: text === "true" }
    : { kind: "text", value: text };
}
