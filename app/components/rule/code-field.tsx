import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import { EditorState, type Extension, Transaction } from "@codemirror/state";
import { EditorView, keymap, placeholder, tooltips } from "@codemirror/view";
import { Text } from "@shopify/polaris";
import { useEffect, useId, useLayoutEffect, useRef } from "react";
import { EDITOR_HEIGHT } from "./editor-loading.tsx";

export interface CodeFieldProps {
  label: string;
  value: string;
  onChange(value: string): void;
  /** The language: made once, since the editor is made anew when it changes. */
  extensions: Extension;
  hint?: string;
  /** What is known to be wrong with the value, where the language does not find that out by itself. */
  diagnostics?: readonly Diagnostic[];
}

const NONE: readonly Diagnostic[] = [];

/** A field for code. On the server, and until the script runs, it is a plain text area. */
export function CodeField({ label, value, onChange, extensions, hint = "", diagnostics = NONE }: CodeFieldProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const changed = useRef(onChange);
  changed.current = onChange;
  const first = useRef(value);
  first.current = value;
  const id = useId();

  // At once, since what stood here until the script came was as high as the code.
  useBrowserLayoutEffect(() => {
    if (!host.current) return;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          history(),
          keymap.of([...defaultKeymap, ...historyKeymap]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-labelledby": id, tabindex: "0" }),
          EditorView.updateListener.of((update) => {
            const typed = update.transactions.some((one) => one.docChanged && !one.annotation(Transaction.remote));
            if (typed) changed.current(update.state.doc.toString());
          }),
          placeholder(hint),
          // A card cuts off what goes past its edge, so what is offered and what is wrong hang in the page instead.
          tooltips({ position: "fixed", parent: host.current.closest("main") ?? document.body }),
          extensions,
          THEME,
        ],
      }),
    });
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
    };
  }, [extensions, hint, id]);

  // What was written elsewhere (the builder, an undo of the page) comes in; what was typed here is there already.
  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({
      changes: { from: 0, to: editor.state.doc.length, insert: value },
      annotations: Transaction.remote.of(true),
    });
  }, [value]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || diagnostics === NONE) return;
    // The text may be shorter by now than it was when they were found.
    const shown = diagnostics.filter(({ to }) => to <= editor.state.doc.length);
    editor.dispatch(setDiagnostics(editor.state, shown));
  }, [diagnostics]);

  return (
    <div>
      <span id={id}>
        <Text as="span" visuallyHidden>
          {label}
        </Text>
      </span>
      {/* The editor comes once this was drawn, and what stands below does not move then. */}
      <div ref={host} style={{ minHeight: EDITOR_HEIGHT }} />
    </div>
  );
}

/** React warns of the other on a server. */
const useBrowserLayoutEffect = typeof document === "undefined" ? useEffect : useLayoutEffect;

const THEME = EditorView.theme({
  // What hangs in the page has the theme too, and is no editor.
  "&.cm-editor": {
    border: "var(--p-border-width-0165) solid var(--p-color-input-border)",
    borderRadius: "var(--p-border-radius-200)",
    background: "var(--p-color-input-bg-surface)",
    fontSize: "0.8125rem",
  },
  "&.cm-focused": { outline: "var(--p-border-width-050) solid var(--p-color-border-focus)", outlineOffset: "1px" },
  ".cm-content": { fontFamily: "var(--p-font-family-mono)", minHeight: "7rem", padding: "0.5rem 0" },
  ".cm-line": { padding: "0 0.75rem" },
  ".cm-placeholder": { color: "var(--p-color-text-secondary)" },
  ".cm-tooltip.cm-tooltip": {
    zIndex: "var(--p-z-index-11)",
    border: "0",
    borderRadius: "var(--p-border-radius-200)",
    background: "var(--p-color-bg-surface)",
    boxShadow: "var(--p-shadow-300)",
    fontSize: "0.8125rem",
    overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { padding: "var(--p-space-100)", maxWidth: "min(34rem, 92vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    padding: "var(--p-space-100) var(--p-space-200)",
    borderRadius: "var(--p-border-radius-100)",
    lineHeight: "1.25rem",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    background: "var(--p-color-bg-surface-selected)",
    color: "var(--p-color-text)",
  },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "var(--p-font-weight-semibold)" },
  ".cm-completionDetail": {
    fontFamily: "var(--p-font-family-sans)",
    fontStyle: "normal",
    color: "var(--p-color-text-secondary)",
  },
  ".cm-diagnostic": {
    fontFamily: "var(--p-font-family-sans)",
    borderLeftWidth: "3px",
    padding: "var(--p-space-150) var(--p-space-200)",
  },
  ".cm-diagnosticAction.cm-diagnosticAction": {
    background: "var(--p-color-bg-fill-brand)",
    color: "var(--p-color-text-brand-on-bg-fill)",
    borderRadius: "var(--p-border-radius-100)",
    padding: "var(--p-space-050) var(--p-space-150)",
  },
});
