import { Form, useNavigation, useSubmit } from "@remix-run/react";
import { Button, Card, Checkbox, ChoiceList, FormLayout, InlineError, InlineStack, TextField } from "@shopify/polaris";
import { type FormEvent, useState } from "react";
import type { AutomationAnswer } from "../../jobs/automation-admin.server.ts";
import { type AutomationKind, isSameTag } from "../../segment/automations/automation.ts";
import { t, type Text as Words } from "../../texts/text.ts";
import { SaveBar } from "../save-bar.tsx";
import type { AutomationView } from "./automation-view.ts";
import { kindName } from "./automation-words.ts";
import { TagsNeed } from "./tags-need.tsx";

function kindChoices(): { value: AutomationKind; label: string; helpText: string }[] {
  return [
    { value: "webhook", label: kindName("webhook"), helpText: t("A signed message goes to an address of yours.") },
    {
      value: "customer_tag",
      label: kindName("customer_tag"),
      helpText: t("A tag is put on the customer in Shopify, and taken off."),
    },
    {
      value: "flow_trigger",
      label: kindName("flow_trigger"),
      helpText: t("Workflows that begin with Muster’s triggers start."),
    },
  ];
}

function momentsOf(kind: AutomationKind) {
  const isTag = kind === "customer_tag";
  return [
    { value: "entry", label: isTag ? t("Put it on when somebody enters") : t("Somebody enters the segment") },
    { value: "exit", label: isTag ? t("Take it off when they leave") : t("Somebody leaves the segment") },
  ];
}

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
  const kinds = kindChoices();
  const { kind, name, onEntry, onExit, url, tag } = given;
  const isRetagged = !isNew && kind === "customer_tag" && tag.trim() !== "" && !isSameTag(tag.trim(), view.tag);
  const present = given.present && (isNew || isRetagged);
  const save = (): void => {
    submit({ intent: "save", ...formOf({ ...given, present }) }, { method: "post" });
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
              title={t("What follows")}
              choices={kinds}
              selected={[kind]}
              onChange={([chosen]) => set({ kind: kinds.find(({ value }) => value === chosen)?.value ?? kind })}
            />
          )}
          {kind === "customer_tag" && view.tagsNeed !== null && <TagsNeed words={view.tagsNeed} />}
          <TextField
            label={t("Name")}
            autoComplete="off"
            maxLength={100}
            value={name}
            onChange={(value) => set({ name: value })}
            placeholder={t(NAMES[kind])}
            {...errorOf("name")}
          />
          {kind === "webhook" && (
            <TextField
              label={t("Address")}
              type="url"
              autoComplete="off"
              placeholder="https://example.com/webhooks"
              helpText={t("It has to be reachable from the internet, by https.")}
              value={url}
              onChange={(value) => set({ url: value })}
              {...errorOf("url")}
            />
          )}
          {kind === "customer_tag" && (
            <TextField
              label={t("Tag")}
              autoComplete="off"
              maxLength={40}
              helpText={
                isRetagged
                  ? t(
                      "Muster takes {old} off those on whom it put it, and puts {tag} on those of them who are in the segment.",
                      { old: view.tag, tag: tag.trim() },
                    )
                  : t("A tag that was there before Muster put it on stays when the customer leaves.")
              }
              value={tag}
              onChange={(value) => set({ tag: value })}
              {...errorOf("tag")}
            />
          )}
          <ChoiceList
            title={t("When")}
            allowMultiple
            choices={momentsOf(kind)}
            selected={[...(onEntry ? ["entry"] : []), ...(onExit ? ["exit"] : [])]}
            onChange={(chosen) => set({ onEntry: chosen.includes("entry"), onExit: chosen.includes("exit") })}
            {...errorOf("when")}
          />
          {(isNew || isRetagged) && onEntry && (
            <Checkbox
              label={view.present}
              helpText={
                isNew
                  ? t("Once, as soon as it is created. Otherwise it is for those who enter from now on.")
                  : t("Once, as soon as it is saved: also for those who do not have the old tag from Muster.")
              }
              checked={present}
              onChange={(checked) => set({ present: checked })}
            />
          )}
          {refused?.field === null && <InlineError fieldID="automation" message={refused.reason} />}
          {isNew && (
            <InlineStack>
              <Button submit variant="primary" loading={busy} disabled={name.trim() === ""}>
                {t("Create automation")}
              </Button>
            </InlineStack>
          )}
        </FormLayout>
      </Form>
      {!isNew && (
        <SaveBar
          id="automation"
          changed={JSON.stringify({ ...given, present }) !== JSON.stringify(begin)}
          busy={busy}
          onSave={save}
          onDiscard={() => setGiven(begin)}
        />
      )}
    </Card>
  );
}

const NAMES: Readonly<Record<AutomationKind, Words>> = {
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
