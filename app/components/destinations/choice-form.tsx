import { Form, useNavigation, useSubmit } from "@remix-run/react";
import {
  Banner,
  BlockStack,
  Button,
  Checkbox,
  Collapsible,
  FormLayout,
  InlineStack,
  Select,
  Text,
  TextField,
} from "@shopify/polaris";
import { useId, useRef, useState } from "react";
import type { Place } from "../../sync/destination.ts";
import type { ConnectionView, SegmentView } from "./connection-view.ts";
import { t, tn } from "../../texts/text.ts";
import { SaveBar } from "../save-bar.tsx";

export interface ChoiceFormProps {
  segment: SegmentView;
  view: ConnectionView;
  places: readonly Place[] | null;
  refused: string | null;
  onCancel(): void;
}

/** How a segment is kept at the platform: in which list, who comes along, what goes along, and how many may leave unasked. */
export function ChoiceForm({ segment, view, places, refused, onCancel }: ChoiceFormProps) {
  const { audience } = segment;
  const submit = useSubmit();
  const busy = useNavigation().state !== "idle";
  const form = useRef<HTMLFormElement>(null);
  const [begin] = useState(() => begun(audience));
  const [choice, setChoice] = useState(begin);
  const { remoteId, nonSubscribed, guard, fields } = choice;
  const set = (changed: Partial<Choice>): void => setChoice((before) => ({ ...before, ...changed }));
  return (
    <Form method="post" ref={form}>
      <SaveBar
        id="choice"
        changed={textOf(choice) !== textOf(begin)}
        busy={busy}
        onSave={() => form.current?.requestSubmit()}
        onDiscard={() => setChoice(begin)}
      />
      <input type="hidden" name="intent" value="choose" />
      <input type="hidden" name="segmentId" value={segment.segmentId} />
      <FormLayout>
        {refused !== null && <Banner tone="critical">{refused}</Banner>}
        {audience ? (
          <Text as="p" tone="subdued">
            {audience.adopted
              ? t("It is kept in a list that was there before. To use another list, give it up first.")
              : t("It is kept in a list of its own. To use another list, give it up first.")}
          </Text>
        ) : places === null ? (
          <InlineStack align="space-between" blockAlign="center" gap="200">
            <Text as="p">{t("A new list is made for it, named after the segment.")}</Text>
            <Button variant="plain" loading={busy} onClick={() => submit({ intent: "existing" }, { method: "post" })}>
              {t("Use a list that is there")}
            </Button>
          </InlineStack>
        ) : (
          <Select
            label={t("List")}
            name="remoteId"
            value={remoteId}
            onChange={(value) => set({ remoteId: value })}
            options={[
              { label: t("A new one"), value: "" },
              ...places.map(({ id, name }) => ({ label: name, value: id })),
            ]}
            helpText={t(
              "Whoever is in a list that is there and not in the segment leaves it once you start; you see how many before.",
            )}
          />
        )}
        <Checkbox
          label={t("Also people who have neither subscribed nor unsubscribed")}
          name="nonSubscribed"
          value="on"
          checked={nonSubscribed}
          onChange={(checked) => set({ nonSubscribed: checked })}
          helpText={t(
            "They are put in without being subscribed: they count, and get no marketing. Who unsubscribed is never put in.",
          )}
        />
        <Traits traits={view.traits} fields={fields} onChange={(changed) => set({ fields: changed })} />
        <TextField
          label={t("Ask me before more than this share leaves within a day")}
          name="guard"
          type="number"
          min={1}
          max={100}
          suffix="%"
          autoComplete="off"
          value={guard}
          onChange={(value) => set({ guard: value })}
          helpText={t("Empty: never ask. Withdrawn consent and deleted customers always leave at once.")}
        />
        <InlineStack gap="200">
          {audience === null && (
            <Button submit variant="primary" loading={busy}>
              {t("Count first")}
            </Button>
          )}
          <Button onClick={onCancel} disabled={busy}>
            {t("Cancel")}
          </Button>
        </InlineStack>
      </FormLayout>
    </Form>
  );
}

interface Choice {
  /** The list that is there; empty: a new one. */
  remoteId: string;
  nonSubscribed: boolean;
  /** In per cent; empty: nobody is asked. */
  guard: string;
  /** By trait; absent: it does not go along. */
  fields: Readonly<Record<string, string>>;
}

function begun(audience: SegmentView["audience"]): Choice {
  return {
    remoteId: "",
    nonSubscribed: audience?.nonSubscribed ?? false,
    guard: audience ? audience.guard : "30",
    fields: Object.fromEntries((audience?.traits ?? []).map(({ trait, field }) => [trait, field])),
  };
}

/** The same for the same choice, in whichever order its fields were taken in. */
function textOf({ fields, ...choice }: Choice): string {
  return JSON.stringify({ ...choice, fields: Object.entries(fields).sort() });
}

interface TraitsProps {
  traits: ConnectionView["traits"];
  /** By trait; absent: it does not go along. */
  fields: Readonly<Record<string, string>>;
  onChange(fields: Record<string, string>): void;
}

/** Which traits go along, each into which field: out of the way for whoever wants none. */
function Traits({ traits, fields, onChange }: TraitsProps) {
  const id = useId();
  const count = Object.keys(fields).length;
  const [open, setOpen] = useState(count > 0);
  const toggle = (trait: string, field: string) => (on: boolean) => {
    const { [trait]: _before, ...others } = fields;
    onChange(on ? { ...others, [trait]: field } : others);
  };
  return (
    <BlockStack gap="200">
      <InlineStack gap="300" blockAlign="center">
        <Button
          disclosure={open ? "up" : "down"}
          ariaExpanded={open}
          ariaControls={id}
          onClick={() => setOpen((before) => !before)}
        >
          {t("What goes along")}
        </Button>
        <Text as="span" tone="subdued">
          {count === 0
            ? t("The address alone.")
            : tn(count, "The address and {count} field.", "The address and {count} fields.", { count })}
        </Text>
      </InlineStack>
      <Collapsible id={id} open={open}>
        <BlockStack gap="200">
          <Text as="p" tone="subdued">
            {t("A field that you take out is emptied there for everybody who is in the audience.")}
          </Text>
          {traits.map(({ name, label, field, samples }) => (
            <InlineStack key={name} gap="300" blockAlign="center" align="space-between">
              <Checkbox
                label={label}
                name="traits"
                value={name}
                checked={fields[name] !== undefined}
                onChange={toggle(name, field)}
                helpText={
                  samples.length > 0
                    ? t("For example {samples}", { samples: samples.join(", ") })
                    : t("Nobody has a value yet")
                }
              />
              {fields[name] !== undefined && (
                <TextField
                  label={t("Field for {label}", { label })}
                  labelHidden
                  name={`field-${name}`}
                  autoComplete="off"
                  value={fields[name]}
                  onChange={(value) => onChange({ ...fields, [name]: value })}
                />
              )}
            </InlineStack>
          ))}
        </BlockStack>
      </Collapsible>
    </BlockStack>
  );
}
