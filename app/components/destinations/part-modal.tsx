import { Form, useNavigation } from "@remix-run/react";
import { BlockStack, Button, ChoiceList, InlineStack, Modal } from "@shopify/polaris";
import { useEffect, useRef, useState } from "react";

export interface PartModalProps {
  open: boolean;
  title: string;
  /** What the form says beside how. */
  fields: Readonly<Record<string, string>>;
  /** Of the platform. */
  name: string;
  /** All lists of the connection, not one. */
  all?: boolean;
  /** Whether anything can be changed at the platform now. */
  canChange: boolean;
  onClose(): void;
}

/** Says what becomes of the list at the platform, and has it done. */
export function PartModal({ open, title, fields, name, all = false, canChange, onClose }: PartModalProps) {
  const [how, setHow] = useState("keep");
  const { state } = useNavigation();
  const busy = state !== "idle";
  const close = useRef(onClose);
  close.current = onClose;
  const was = useRef(state);
  useEffect(() => {
    if (open && was.current !== "idle" && state === "idle") close.current();
    was.current = state;
  }, [open, state]);
  const lists = all ? "The lists" : "The list";
  const choices = [
    {
      value: "keep",
      label: `Leave ${all ? "the lists" : "the list"} as ${all ? "they are" : "it is"}`,
      helpText: `Muster forgets ${all ? "them" : "it"}. Whoever is in now stays in, and nobody's consent changes what is there.`,
    },
    {
      value: "empty",
      label: `Take everybody off ${all ? "the lists" : "the list"}`,
      helpText: `${lists} ${all ? "stay" : "stays"}, empty, with everything at ${name} that uses ${all ? "them" : "it"}.`,
      disabled: !canChange,
    },
    {
      value: "delete",
      label: `Delete ${all ? "the lists" : "the list"} at ${name}`,
      helpText: `What uses ${all ? "them" : "it"} there stops working. The people stay at ${name}. This cannot be undone.`,
      disabled: !canChange,
    },
  ];
  return (
    <Modal open={open} onClose={onClose} title={title}>
      <Modal.Section>
        <Form method="post">
          {Object.entries({ ...fields, how }).map(([key, value]) => (
            <input key={key} type="hidden" name={key} value={value} />
          ))}
          <BlockStack gap="400">
            <ChoiceList
              title={`What becomes of ${all ? "the lists" : "the list"}`}
              choices={choices}
              selected={[how]}
              onChange={([chosen]) => setHow(chosen ?? "keep")}
            />
            <InlineStack align="end" gap="200">
              <Button onClick={onClose} disabled={busy}>
                Cancel
              </Button>
              <Button submit variant="primary" tone="critical" loading={busy}>
                {all ? "Disconnect" : "Give up"}
              </Button>
            </InlineStack>
          </BlockStack>
        </Form>
      </Modal.Section>
    </Modal>
  );
}
