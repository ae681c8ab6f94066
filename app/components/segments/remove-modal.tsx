import { Banner, BlockStack, ChoiceList, List, Text } from "@shopify/polaris";
import { useState } from "react";
import { t, tn } from "../../texts/text.ts";
import { AdminModal } from "../admin-modal.tsx";
import type { RemovalView } from "./editor-view.ts";

export interface RemoveModalProps {
  name: string;
  removal: RemovalView;
  busy: boolean;
  onClose(): void;
  onRemove(lists: "kept" | "emptied", exits: "silent" | "announced"): void;
}

/** What removing a segment does to its members, its lists and the rules that use it, before it is done. */
export function RemoveModal({ name, removal, busy, onClose, onRemove }: RemoveModalProps) {
  const { members, lists, usedBy, automations } = removal;
  const [chosen, setChosen] = useState<"kept" | "emptied" | null>(lists.length === 0 ? "emptied" : null);
  const [exits, setExits] = useState<"silent" | "announced">("silent");
  const used = usedBy.length > 0;
  return (
    <AdminModal
      onClose={onClose}
      title={t("Remove {name}?", { name })}
      primary={{
        content: t("Remove segment"),
        destructive: true,
        loading: busy,
        disabled: used || chosen === null,
        onAction: () => chosen && onRemove(chosen, exits),
      }}
      cancel={t("Cancel")}
    >
      <BlockStack gap="400">
        {used ? (
          <Banner tone="critical" title={t("Other segments ask for this one")}>
            <BlockStack gap="200">
              <Text as="p">{t("Change their rules first:")}</Text>
              <List>
                {usedBy.map((other) => (
                  <List.Item key={other}>{other}</List.Item>
                ))}
              </List>
            </BlockStack>
          </Banner>
        ) : (
          <>
            <Text as="p">
              {t(
                "Whoever is in it leaves ({members}), and nobody enters it any more. Who was in it and when stays on their profiles. You can restore it from the list of segments; everybody is then decided anew.",
                { members },
              )}
            </Text>
            {lists.length > 0 && (
              <ChoiceList
                title={tn(lists.length, "Its list: {names}", "Its lists: {names}", { names: lists.join(", ") })}
                selected={chosen === null ? [] : [chosen]}
                onChange={([value]) => setChosen(value === "kept" ? "kept" : "emptied")}
                choices={[
                  {
                    label: tn(lists.length, "Empty it", "Empty them"),
                    value: "emptied",
                    helpText: t("Everybody Muster put there is taken off. What is empty stays there."),
                  },
                  {
                    label: tn(lists.length, "Leave it as it is", "Leave them as they are"),
                    value: "kept",
                    helpText: t(
                      "Nobody is added any more. Only who unsubscribes, is deleted or asks to be erased is still taken off.",
                    ),
                  },
                ]}
              />
            )}
            {automations.length > 0 && <Exits removal={removal} exits={exits} onChange={setExits} />}
          </>
        )}
      </BlockStack>
    </AdminModal>
  );
}

interface ExitsProps {
  removal: RemovalView;
  exits: "silent" | "announced";
  onChange(exits: "silent" | "announced"): void;
}

/** What becomes of the automations, and whether they run for those who leave. */
function Exits({ removal: { automations, exits: names, waiting }, exits, onChange }: ExitsProps) {
  const cancelled =
    waiting === null ? [] : [t("What waits to be sent is cancelled: {messages}.", { messages: waiting })];
  const all = tn(automations.length, "Its automation: {names}", "Its automations: {names}", {
    names: automations.join(", "),
  });
  if (names.length === 0) {
    return (
      <Text as="p">
        {[`${all}.`, t("Nothing runs for those who leave."), ...cancelled, t("They come back with the segment.")].join(
          " ",
        )}
      </Text>
    );
  }
  return (
    <ChoiceList
      title={all}
      selected={[exits]}
      onChange={([value]) => onChange(value === "announced" ? "announced" : "silent")}
      choices={[
        {
          label: t("Run nothing"),
          value: "silent",
          helpText: [t("Nobody is told that they leave, and tags stay on."), ...cancelled].join(" "),
        },
        {
          label: t("Run {names} for everybody who leaves", { names: names.join(", ") }),
          value: "announced",
          helpText: [
            ...(waiting === null ? [] : [t("What waits is sent first: {messages}.", { messages: waiting })]),
            t("This cannot be taken back: who is in again after a restore is not told to have entered."),
          ].join(" "),
        },
      ]}
    />
  );
}
