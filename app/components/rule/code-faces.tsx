import { useMemo, useRef } from "react";
import type { Dictionary } from "../../segment/language/dictionary.ts";
import type { Problem } from "../../segment/language/diagnostics.ts";
import { t } from "../../texts/text.ts";
import { CodeField } from "./code-field.tsx";
import { diagnostic, sqlLanguage, textLanguage } from "./text-language.ts";

interface FaceProps {
  dictionary: Dictionary;
  value: string;
  onChange(value: string): void;
}

export function TextFace({ dictionary, value, onChange }: FaceProps) {
  const extensions = useMemo(() => textLanguage(dictionary), [dictionary]);
  return (
    <CodeField
      label={t("Rule as text")}
      value={value}
      onChange={onChange}
      extensions={extensions}
      hint="orders_placed MATCHES (date > -30d, count >= 3)"
    />
  );
}

/** @param problems what the server found in it */
export function SqlFace({ dictionary, value, onChange, problems }: FaceProps & { problems: readonly Problem[] }) {
  const extensions = useMemo(() => sqlLanguage(dictionary), [dictionary]);
  const length = useRef(value.length);
  length.current = value.length;
  // Made once for each answer: places are those of the text that was read.
  const diagnostics = useMemo(() => problems.map((problem) => diagnostic(problem, length.current)), [problems, length]);
  return (
    <CodeField
      label={t("Rule as SQL")}
      value={value}
      onChange={onChange}
      extensions={extensions}
      diagnostics={diagnostics}
    />
  );
}
