import { Banner, BlockStack, Text } from "@shopify/polaris";
import { t } from "../../texts/text.ts";
import { RuleDifference } from "./rule-difference.tsx";
import type { ScheduleView } from "./schedule-view.ts";

export interface ScheduleBannerProps {
  schedule: ScheduleView;
  liveText: string;
  onChange(): void;
  onCancel(): void;
}

/** What will be published by itself and when, or why it was not. */
export function ScheduleBanner({ schedule, liveText, onChange, onCancel }: ScheduleBannerProps) {
  const { review, title, sentence, text, message } = schedule;
  return (
    <Banner
      tone={review ? "warning" : "info"}
      title={title}
      action={{ content: review ? t("Review it") : t("Change the moment"), onAction: onChange }}
      secondaryAction={{ content: review ? t("Keep it as a draft") : t("Cancel the publication"), onAction: onCancel }}
    >
      <BlockStack gap="200">
        <Text as="p">{sentence}</Text>
        {message !== "" && <Text as="p">{message}</Text>}
        <RuleDifference before={liveText} after={text} />
      </BlockStack>
    </Banner>
  );
}
