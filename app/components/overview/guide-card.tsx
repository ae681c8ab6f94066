import { Form, useNavigation } from "@remix-run/react";
import { Badge, BlockStack, Box, Button, Card, Divider, InlineStack, Text } from "@shopify/polaris";
import { Fragment } from "react";
import { t } from "../../texts/text.ts";
import type { GuideStep, GuideView } from "./guide-view.ts";

/** What a shop has to have, each step found out by itself, until somebody puts it away. */
export function GuideCard({ guide }: { guide: GuideView }) {
  const sending = useNavigation().formData?.get("intent") === "dismiss-guide";
  const { done, steps } = guide;
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <InlineStack gap="200" blockAlign="center">
            <Text as="h2" variant="headingMd">
              {t("Set Muster up")}
            </Text>
            <Badge {...(done === steps.length && { tone: "success" })}>
              {t("{done} of {total} done", { done, total: steps.length })}
            </Badge>
          </InlineStack>
          <Form method="post">
            <input type="hidden" name="intent" value="dismiss-guide" />
            <Button submit variant="tertiary" loading={sending}>
              {t("Put away")}
            </Button>
          </Form>
        </InlineStack>
        {steps.map((step) => (
          <Fragment key={step.key}>
            <Divider />
            <Step step={step} />
          </Fragment>
        ))}
      </BlockStack>
    </Card>
  );
}

function Step({ step: { title, detail, done, link } }: { step: GuideStep }) {
  return (
    <InlineStack align="space-between" blockAlign="center" gap="200">
      <Box maxWidth="38rem">
        <BlockStack gap="050">
          {/* Polaris lets the stack around it decide unless told. */}
          <InlineStack align="start" gap="200" blockAlign="center">
            <Text as="h3" variant="headingSm">
              {title}
            </Text>
            {done && <Badge tone="success">{t("Done|a step")}</Badge>}
          </InlineStack>
          <Text as="p" tone="subdued">
            {detail}
          </Text>
        </BlockStack>
      </Box>
      {link && (
        <Button
          url={link.url}
          {...(link.outside && { target: "_top" })}
          {...(done && { variant: "plain" as const })}
          accessibilityLabel={`${link.text}: ${title}`}
        >
          {link.text}
        </Button>
      )}
    </InlineStack>
  );
}
