import { useRevalidator } from "@remix-run/react";
import { Banner } from "@shopify/polaris";
import { t } from "../../texts/text.ts";

/** Says that tags cannot be written in this shop, and asks Shopify for what is missing. */
export function TagsNeed({ words }: { words: string }) {
  const { revalidate } = useRevalidator();
  const ask = async (): Promise<void> => {
    await window.shopify?.scopes.request(["write_customers"]);
    revalidate();
  };
  return (
    <Banner
      tone="warning"
      title={t("A permission is missing")}
      action={{ content: t("Grant the permission"), onAction: () => void ask() }}
    >
      <p>{words}</p>
    </Banner>
  );
}
