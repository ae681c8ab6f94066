import { useSubmit } from "@remix-run/react";
import { ChoiceList } from "@shopify/polaris";
import { useState } from "react";
import { t } from "../../texts/text.ts";
import { AdminModal } from "../admin-modal.tsx";
import { useCloseWhenSent } from "./use-close-when-sent.ts";

export interface PartModalProps {
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
export function PartModal({ title, fields, name, all = false, canChange, onClose }: PartModalProps) {
  const [how, setHow] = useState("keep");
  const busy = useCloseWhenSent(onClose);
  const submit = useSubmit();
  const words = all ? wordsOfAll(name) : wordsOfOne(name);
  const choices = [
    { value: "keep", ...words.keep },
    { value: "empty", ...words.empty, disabled: !canChange },
    { value: "delete", ...words.delete, disabled: !canChange },
  ];
  return (
    <AdminModal
      title={title}
      primary={{
        content: all ? t("Disconnect") : t("Give up"),
        destructive: true,
        loading: busy,
        onAction: () => submit({ ...fields, how }, { method: "post" }),
      }}
      cancel={t("Cancel")}
      onClose={onClose}
    >
      <ChoiceList
        title={words.title}
        choices={choices}
        selected={[how]}
        onChange={([chosen]) => setHow(chosen ?? "keep")}
      />
    </AdminModal>
  );
}

function wordsOfOne(name: string) {
  return {
    title: t("What becomes of the list"),
    keep: {
      label: t("Leave the list as it is"),
      helpText: t("Muster forgets it. Whoever is in now stays in, and nobody's consent changes what is there."),
    },
    empty: {
      label: t("Take everybody off the list"),
      helpText: t("The list stays, empty, with everything at {name} that uses it.", { name }),
    },
    delete: {
      label: t("Delete the list at {name}", { name }),
      helpText: t("What uses it there stops working. The people stay at {name}. This cannot be undone.", { name }),
    },
  };
}

function wordsOfAll(name: string): ReturnType<typeof wordsOfOne> {
  return {
    title: t("What becomes of the lists"),
    keep: {
      label: t("Leave the lists as they are"),
      helpText: t("Muster forgets them. Whoever is in now stays in, and nobody's consent changes what is there."),
    },
    empty: {
      label: t("Take everybody off the lists"),
      helpText: t("The lists stay, empty, with everything at {name} that uses them.", { name }),
    },
    delete: {
      label: t("Delete the lists at {name}", { name }),
      helpText: t("What uses them there stops working. The people stay at {name}. This cannot be undone.", { name }),
    },
  };
}
