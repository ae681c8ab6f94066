import { Form, useNavigation } from "@remix-run/react";
import { Banner, BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import type { ConnectionView } from "./connection-view.ts";
import { t } from "../../texts/text.ts";

export interface EventsCardProps {
  name: string;
  events: NonNullable<ConnectionView["events"]>;
  disabled: boolean;
}

/** Whether the platform hears of each entry and exit as an event. */
export function EventsCard({ name, events: { on, waiting, forbidden }, disabled }: EventsCardProps) {
  const { state, formData } = useNavigation();
  const busy = state !== "idle" && formData?.get("intent") === "events";
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <BlockStack gap="050">
            <Text as="h2" variant="headingMd">
              {on ? t("Entries and exits are sent as events") : t("Entries and exits are not sent as events")}
            </Text>
            <Text as="p" tone="subdued">
              {on
                ? t("{waiting} A flow at {name} can start with “Entered Muster Segment” or “Left Muster Segment”.", {
                    waiting,
                    name,
                  })
                : t(
                    "Sent, each is an event on the person at {name} that a flow can start with. Whoever is in now is told as history, which starts no flow, and so is everything older than a day or due to a changed rule.",
                    { name },
                  )}
            </Text>
          </BlockStack>
          <Form method="post">
            <input type="hidden" name="intent" value="events" />
            <input type="hidden" name="on" value={on ? "off" : "on"} />
            <Button submit loading={busy} disabled={disabled}>
              {on ? t("Stop sending") : t("Send events")}
            </Button>
          </Form>
        </InlineStack>
        {forbidden && (
          <Banner tone="warning">
            <p>
              {t(
                "The key lacks the permission to write events, so they wait. Give one with full access to events under Destinations.",
              )}
            </p>
          </Banner>
        )}
      </BlockStack>
    </Card>
  );
}
