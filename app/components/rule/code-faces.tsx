import { useMemo } from "react";
import type { Dictionary } from "../../segment/language/dictionary.ts";
import { t } from "../../texts/text.ts";
import { CodeField } from "./code-field.tsx";
import { sqlLanguage, textLanguage } from "./text-language.ts";

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

export function SqlFace({ dictionary, value, onChange }: FaceProps) {
  const extensions = useMemo(() => sqlLanguage(dictionary), [dictionary]);
  return <CodeField label={t("Rule as SQL")} value={value} onChange={onChange} extensions={extensions} />;
}
