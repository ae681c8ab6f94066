import { Form, useNavigation, useSubmit } from "@remix-run/react";
import { Button, Card, Checkbox, ChoiceList, FormLayout, InlineError, InlineStack, TextField } from "@shopify/polaris";
import { type FormEvent, useState } from "react";
import type { AutomationAnswer } from "../../jobs/automation-admin.server.ts";
import type { AutomationKind } from "../../segment/automations/automation.ts";
import { SaveBar } from "../save-bar.tsx";
import type { AutomationView } from "./automation-view.ts";
import { TagsNeed } from "./tags-need.tsx";

const KIND_CHOICES: { value: AutomationKind; label: string; helpText: string }[] = [
  { value: "webhook", label: "Webhook", helpText: "A signed message goes to an address of yours." },
  { value: "customer_tag", label: "Customer tag", helpText: "A tag is put on the customer in Shopify, and taken off." },
  { value: "flow_trigger", label: "Shopify Flow", helpText: "Workflows that begin with Muster’s triggers start." },
];

const MOMENTS = [
  { value: "entry", label: "Somebody enters the segment" },
  { value: "exit", label: "Somebody leaves the segment" },
];
const TAG_MOMENTS = [
  { value: "entry", label: "Put it on when somebody enters" },
  { value: "exit", label: "Take it off when they leave" },
];

/** What the merchant can set of an automation. A new one is created by its button, a change is saved by the admin's bar. */
export function AutomationForm({ view, answered }: { view: AutomationView; answered: AutomationAnswer | undefined }) {
  const begin = begun(view);
  const [given, setGiven] = useState(begin);
  const submit = useSubmit();
  const busy = useNavigation().formData?.get("intent") === "save";
  const set = (more: Partial<Given>): void => setGiven((before) => ({ ...before, ...more }));
  const refused = answered?.outcome === "refused" ? answered : null;
  const errorOf = (field: NonNullable<typeof refused>["field"]) =>
    refused?.field === field && { error: refused.reason };
  const isNew = view.id === 0;
  const { kind, name, onEntry, onExit, url, tag, present } = given;
  const save = (): void => {
    submit({ intent: "save", ...formOf(given) }, { method: "post" });
  };
  const send = (event: FormEvent): void => {
    event.preventDefault();
    save();
  };
  return (
    <Card>
      <Form method="post" onSubmit={send}>
        <FormLayout>
          {isNew && (
            <ChoiceList
              title="What follows"
              choices={KIND_CHOICES}
              selected={[kind]}
              onChange={([chosen]) => set({ kind: KIND_CHOICES.find(({ value }) => value === chosen)?.value ?? kind })}
            />
          )}
          {kind === "customer_tag" && view.tagsNeed !== null && <TagsNeed words={view.tagsNeed} />}
          <TextField
            label="Name"
            autoComplete="off"
            maxLength={100}
            value={name}
            onChange={(value) => set({ name: value })}
            placeholder={NAMES[kind]}
            {...errorOf("name")}
          />
          {kind === "webhook" && (
            <TextField
              label="Address"
              type="url"
              autoComplete="off"
              placeholder="https://example.com/webhooks"
              helpText="It has to be reachable from the internet, by https."
              value={url}
              onChange={(value) => set({ url: value })}
              {...errorOf("url")}
            />
          )}
          {kind === "customer_tag" && (
            <TextField
              label="Tag"
              autoComplete="off"
              maxLength={40}
              helpText="A tag that was there before Muster put it on stays when the customer leaves."
              value={tag}
              onChange={(value) => set({ tag: value })}
              {...errorOf("tag")}
            />
          )}
          <ChoiceList
            title="When"
            allowMultiple
            choices={kind === "customer_tag" ? TAG_MOMENTS : MOMENTS}
            selected={[...(onEntry ? ["entry"] : []), ...(onExit ? ["exit"] : [])]}
            onChange={(chosen) => set({ onEntry: chosen.includes("entry"), onExit: chosen.includes("exit") })}
            {...errorOf("when")}
          />
          {isNew && onEntry && (
            <Checkbox
              label={`Also for the ${view.members} in it now`}
              helpText="Once, as soon as it is created. Otherwise it is for those who enter from now on."
              checked={present}
              onChange={(checked) => set({ present: checked })}
            />
          )}
          {refused?.field === null && <InlineError fieldID="automation" message={refused.reason} />}
          {isNew && (
            <InlineStack>
              <Button submit variant="primary" loading={busy} disabled={name.trim() === ""}>
                Create automation
              </Button>
            </InlineStack>
          )}
        </FormLayout>
      </Form>
      {!isNew && (
        <SaveBar
          id="automation"
          changed={JSON.stringify(given) !== JSON.stringify(begin)}
          busy={busy}
          onSave={save}
          onDiscard={() => setGiven(begin)}
        />
      )}
    </Card>
  );
}

const NAMES: Readonly<Record<AutomationKind, string>> = {
  webhook: "Tell our CRM",
  customer_tag: "Tag as VIP",
  flow_trigger: "Start the welcome workflow",
};

interface Given {
  kind: AutomationKind;
  name: string;
  onEntry: boolean;
  onExit: boolean;
  url: string;
  tag: string;
  present: boolean;
}

function begun({ kind, name, onEntry, onExit, url, tag }: AutomationView): Given {
  return { kind: kind ?? "webhook", name, onEntry, onExit, url, tag, present: false };
}

function formOf({ kind, name, onEntry, onExit, url, tag, present }: Given): Record<string, string> {
  const on = (value: boolean): string => (value ? "on" : "");
  return { kind, name, url, tag, onEntry: on(onEntry), onExit: on(onExit), present: on(present) };
}
