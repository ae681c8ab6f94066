import { TextField } from "@shopify/polaris";
import { t } from "../texts/text.ts";

export interface VersionMessageProps {
  value: string;
  onChange(value: string): void;
}

/** What whoever publishes says about the version. */
export function VersionMessage({ value, onChange }: VersionMessageProps) {
  return (
    <TextField
      label={t("What changed, and why")}
      autoComplete="off"
      maxLength={500}
      value={value}
      onChange={onChange}
      placeholder={t("Shown with the version")}
    />
  );
}
