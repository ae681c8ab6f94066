import { useState, useSyncExternalStore } from "react";

/** Narrower than this, two faces beside one another leave neither room enough. */
const DESK = "(min-width: 56.25rem)";
const KEPT_AS = "muster.codes";
const FOLDED = "folded";

/** What shows where is decided here and not by a script, so that nothing moves when the page comes to life. */
export const FACES_STYLE = `
.muster-faces { display: grid; gap: var(--p-space-400); grid-template-columns: minmax(0, 1fr); }
@media ${DESK} {
  .muster-faces { grid-template: auto 1fr / minmax(0, 3fr) minmax(0, 2fr); align-items: start; }
  .muster-faces[data-folded=true] { grid-template-columns: minmax(0, 2fr) minmax(0, 1fr); }
  .muster-faces[data-folded=true] .muster-codes { display: none; }
  .muster-beside { grid-area: 1 / 2 / span 2; }
  .muster-phone { display: none; }
}
@media not all and ${DESK} { .muster-desk { display: none; } }
.muster-tabbed .muster-desk { display: none; }
.muster-stale { opacity: 0.7; filter: grayscale(1); }
.muster-stale * { --p-color-text-secondary: var(--p-color-text); --p-color-text-link: var(--p-color-text); }
.muster-stale .cm-line * { color: var(--p-color-text) !important; }`;

/** Whether the faces stand side by side; null: not known before there is a browser. */
export function useDesk(): boolean | null {
  return useSyncExternalStore(watchWidth, isDesk, () => null);
}

/** Whether text and SQL are folded away, which this browser remembers. */
export function useFolded(): [boolean, (folded: boolean) => void] {
  const [chosen, choose] = useState<boolean | null>(null);
  const kept = useSyncExternalStore(neverChanges, isKeptFolded, () => false);
  const fold = (folded: boolean): void => {
    choose(folded);
    try {
      localStorage.setItem(KEPT_AS, folded ? FOLDED : "");
    } catch {
      // It holds until the page is left.
    }
  };
  return [chosen ?? kept, fold];
}

/** Runs in the document as it comes from the server, which cannot know what the browser remembers. */
export const foldBeforeHydration = `try { if (localStorage.getItem("${KEPT_AS}") === "${FOLDED}") document.currentScript.parentNode.dataset.folded = true } catch {}`;

function isKeptFolded(): boolean {
  try {
    return localStorage.getItem(KEPT_AS) === FOLDED;
  } catch {
    return false;
  }
}

const isDesk = (): boolean => matchMedia(DESK).matches;

function watchWidth(hear: () => void): () => void {
  const width = matchMedia(DESK);
  width.addEventListener("change", hear);
  return () => width.removeEventListener("change", hear);
}

const neverChanges = () => (): void => {};
