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
  const { review, returns, title, sentence, text, message } = schedule;
  const cancel = review ? t("Keep it as a draft") : t("Cancel the publication");
  return (
    <Banner
      tone={review ? "warning" : "info"}
      title={title}
      {...((review || !returns) && {
        action: { content: review ? t("Review it") : t("Change the moment"), onAction: onChange },
      })}
      secondaryAction={{ content: returns ? t("Keep the live rule") : cancel, onAction: onCancel }}
    >
      <BlockStack gap="200">
        <Text as="p">{sentence}</Text>
        {message !== "" && <Text as="p">{message}</Text>}
        <RuleDifference before={liveText} after={text} />
      </BlockStack>
    </Banner>
  );
}
