import { useEffect } from "react";
import { t } from "../texts/text.ts";

export interface SaveBarProps {
  /** Of the element; one for each bar of a page. */
  id: string;
  /** Whether something was changed and not saved. */
  changed: boolean;
  busy: boolean;
  onSave(): void;
  onDiscard(): void;
}

/** The admin's own bar for changes that are not saved yet. It stays until they are, also where saving was refused. */
export function SaveBar({ id, changed, busy, onSave, onDiscard }: SaveBarProps) {
  useEffect(() => {
    const bar = window.shopify?.saveBar;
    void (changed ? bar?.show(id) : bar?.hide(id));
  }, [id, changed]);
  return (
    <ui-save-bar id={id}>
      <button variant="primary" disabled={busy} onClick={onSave}>
        {t("Save")}
      </button>
      <button disabled={busy} onClick={onDiscard}>
        {t("Discard")}
      </button>
    </ui-save-bar>
  );
}
