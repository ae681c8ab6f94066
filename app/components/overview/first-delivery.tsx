import { BlockStack, Box, Card, Image, List, Text } from "@shopify/polaris";
import { t } from "../../texts/text.ts";
import drawing from "./first-delivery.svg?url";

/** What a fresh installation shows: how to see something at once, and what happens by itself. */
export function FirstDelivery({ shopName }: { shopName: string }) {
  return (
    <>
      <Card>
        <Box paddingBlock="600">
          <BlockStack gap="400" inlineAlign="center">
            <Image source={drawing} alt="" width={226} />
            <Text as="h2" variant="headingMd" alignment="center">
              {t("Waiting for the first event from {shop}", { shop: shopName })}
            </Text>
            <Box maxWidth="28rem">
              <Text as="p" tone="subdued" alignment="center">
                {t(
                  "It comes by itself. To see it at once, save a customer or place an order in your shop: it appears on this page within seconds.",
                )}
              </Text>
            </Box>
          </BlockStack>
        </Box>
      </Card>
      <Card>
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd">
            {t("What happens then")}
          </Text>
          <List type="number">
            <List.Item>
              {t("Every order, cart, checkout and customer that changes reaches Muster as it happens.")}
            </List.Item>
            <List.Item>{t("Each customer gets one profile with totals and a timeline.")}</List.Item>
            <List.Item>
              {t("Segments are decided at once, and again at the moment an answer changes by itself.")}
            </List.Item>
            <List.Item>{t("Audiences in connected e-mail platforms follow their segments.")}</List.Item>
          </List>
        </BlockStack>
      </Card>
    </>
  );
}
