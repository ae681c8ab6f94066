import { BlockStack, DataTable, Text } from "@shopify/polaris";
import { t } from "../../texts/text.ts";
import { AdminModal } from "../admin-modal.tsx";
import { LineChart } from "../chart/line-chart.tsx";
import type { SizeView } from "./size-line.tsx";

export interface SizeModalProps {
  segment: string;
  line: SizeView;
  onClose(): void;
}

/** How large a segment was on its last days, large enough to be read, with the figures in a table behind it. */
export function SizeModal({ segment, line: { days, words }, onClose }: SizeModalProps) {
  return (
    <AdminModal onClose={onClose} title={t("Members of {segment}", { segment })}>
      <BlockStack gap="300">
        <Text as="p" tone="subdued">
          {t("At the end of each day, as it was counted then.")}
        </Text>
        <LineChart
          sentences={[words]}
          days={days}
          lines={[{ name: segment, values: days.map(({ size }) => size) }]}
          table={
            <DataTable
              columnContentTypes={["text", "numeric"]}
              headings={[t("Day"), t("Members")]}
              rows={days.toReversed().map(({ day, shown }) => [day, shown])}
            />
          }
        />
      </BlockStack>
    </AdminModal>
  );
}
