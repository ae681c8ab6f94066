import { Badge } from "@shopify/polaris";

export interface Status {
  /** Null: a plain badge. */
  tone: "success" | "info" | "attention" | "warning" | "critical" | null;
  text: string;
}

export function StatusBadge({ status: { tone, text } }: { status: Status }) {
  return <Badge {...(tone && { tone })}>{text}</Badge>;
}
