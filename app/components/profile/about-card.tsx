import { BlockStack, Card, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import type { ProfileView } from "./profile-view.ts";
import { t } from "../../texts/text.ts";

export function AboutCard({ view }: { view: ProfileView }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("About")}
        </Text>
        <Line label={t("E-mail")}>{view.email ?? t("No e-mail address")}</Line>
        <Line label={t("E-mail marketing")}>{view.consent.text}</Line>
        <Line label={t("Phone")}>{view.phone ?? t("No telephone number")}</Line>
        {view.language && <Line label={t("Language")}>{view.language}</Line>}
        <Line label={t("Shopify customer id")}>{view.id}</Line>
      </BlockStack>
    </Card>
  );
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <BlockStack>
      <Text as="h3" variant="bodySm" tone="subdued" fontWeight="regular">
        {label}
      </Text>
      <Text as="p" breakWord>
        {children}
      </Text>
    </BlockStack>
  );
}
