import { Box } from "@shopify/polaris";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";

export interface AdminModalProps {
  title: string;
  primary?: {
    content: string;
    destructive?: boolean;
    disabled?: boolean;
    /** Meanwhile it cannot be pressed, and neither can `cancel`. */
    loading?: boolean;
    onAction(): void;
  };
  /** The button that closes it and does nothing else, beside the cross that is always there. */
  cancel?: string;
  onClose(): void;
  children: ReactNode;
}

/**
 * A dialog of the admin's, open for as long as it is rendered. The admin draws title and buttons, and App Bridge moves what is
 * in it into a frame beside the app's: React goes on with it through a portal, as in Shopify's own
 * https://www.npmjs.com/package/@shopify/app-bridge-react. What Polaris lays over a page (Popover, Tooltip, Combobox) would need a
 * Polaris `AppProvider` around it in there: https://github.com/Shopify/polaris/pull/12445.
 */
export function AdminModal({ title, primary, cancel, onClose, children }: AdminModalProps) {
  const [modal, setModal] = useState<UIModalElement | null>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    if (!modal) return;
    const before = document.activeElement;
    const closed = (): void => close.current();
    modal.addEventListener("hide", closed);
    void modal.show?.();
    return () => {
      modal.removeEventListener("hide", closed);
      // Meanwhile the page behind it takes no focus.
      void modal.hide?.().then(() => before instanceof HTMLElement && before.focus());
    };
  }, [modal]);
  const busy = primary?.loading ?? false;
  return (
    <ui-modal ref={setModal}>
      <ui-title-bar title={title}>
        {primary && (
          <button
            type="button"
            variant="primary"
            tone={primary.destructive ? "critical" : "default"}
            disabled={busy || primary.disabled}
            // App Bridge takes the empty value alone: https://github.com/Shopify/shopify-app-bridge/issues/281
            {...(busy && { loading: "" })}
            onClick={primary.onAction}
          >
            {primary.content}
          </button>
        )}
        {cancel !== undefined && (
          <button type="button" disabled={busy} onClick={onClose}>
            {cancel}
          </button>
        )}
      </ui-title-bar>
      <div>
        {modal?.content &&
          createPortal(
            // In a frame of its own it would have the colour that Polaris gives a page.
            <Box padding="400" background="bg-surface">
              {children}
            </Box>,
            modal.content,
          )}
      </div>
    </ui-modal>
  );
}
