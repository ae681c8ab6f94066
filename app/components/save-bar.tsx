import { useBlocker } from "@remix-run/react";
import { useEffect, useRef } from "react";
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

/**
 * The admin's own bar for changes that are not saved yet. It stays until they are, also where saving was refused, and whoever
 * leaves for another page meanwhile is asked by the admin.
 */
export function SaveBar({ id, changed, busy, onSave, onDiscard }: SaveBarProps) {
  useLeaveConfirmation(changed && !busy);
  const bar = useRef<UISaveBarElement>(null);
  useEffect(() => {
    const { current } = bar;
    if (!changed) return;
    void current?.show?.();
    // Also where it goes while something is changed.
    return () => void current?.hide?.();
  }, [changed]);
  return (
    <ui-save-bar id={id} ref={bar}>
      <button type="button" variant="primary" disabled={busy} onClick={onSave}>
        {t("Save")}
      </button>
      <button type="button" disabled={busy} onClick={onDiscard}>
        {t("Discard")}
      </button>
    </ui-save-bar>
  );
}

function useLeaveConfirmation(asks: boolean): void {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => asks && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    // Ends only for those who go; whoever stays is asked again next time.
    void mayLeave().then(() => blocker.proceed());
  }, [blocker]);
}

/** Ends once nothing is left unsaved, or somebody who was asked agrees to lose it; never, where they stay. */
export async function mayLeave(): Promise<void> {
  await window.shopify?.saveBar.leaveConfirmation();
}
