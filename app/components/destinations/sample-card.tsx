import { Form, useNavigation } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { StatusBadge } from "../status-badge.tsx";
import type { Happened } from "./happened.ts";
import type { SampleStep } from "../../sync/send-sample.ts";
import { t, type Text as CatalogueText } from "../../texts/text.ts";

export interface SampleCardProps {
  name: string;
  happened: Happened | undefined;
  disabled: boolean;
}

/** One made-up person the whole way, step by step. */
export function SampleCard({ name, happened, disabled }: SampleCardProps) {
  const [address, setAddress] = useState("");
  const { state, formData } = useNavigation();
  const busy = state !== "idle" && formData?.get("intent") === "sample";
  const report = happened?.outcome === "sampled" ? happened.report : null;
  return (
    <Card>
      <BlockStack gap="300">
        <BlockStack gap="050">
          <Text as="h2" variant="headingMd">
            {t("Send a sample")}
          </Text>
          <Text as="p" tone="subdued">
            {t(
              "A made-up person goes into a list of their own at {name}, is read back and removed again, with the list. Nobody is subscribed and nothing is sent to the address.",
              { name },
            )}
          </Text>
        </BlockStack>
        <Form method="post">
          <input type="hidden" name="intent" value="sample" />
          <TextField
            label={t("An address of your own")}
            name="address"
            type="email"
            autoComplete="email"
            value={address}
            onChange={setAddress}
            disabled={busy || disabled}
            helpText={t("A part is added to it, so that no customer is meant.")}
            connectedRight={
              <Button submit loading={busy} disabled={disabled || address.trim() === ""}>
                {t("Send")}
              </Button>
            }
          />
        </Form>
        {report && (
          <BlockStack gap="150">
            {report.steps.map(({ step, ok, words }) => (
              <InlineStack key={step} gap="200" blockAlign="center">
                <StatusBadge
                  status={ok ? { tone: "success", text: t("Done") } : { tone: "critical", text: t("Failed") }}
                />
                <Text as="span">{t(STEPS[step])}</Text>
                {words !== "" && (
                  <Text as="span" tone="subdued" breakWord>
                    {words}
                  </Text>
                )}
              </InlineStack>
            ))}
          </BlockStack>
        )}
      </BlockStack>
    </Card>
  );
}

const STEPS: Readonly<Record<SampleStep, CatalogueText>> = {
  "make a list": "Make a list",
  "add the person": "Add the person",
  "read the list": "Read the list",
  "remove the person": "Remove the person",
  "delete everything": "Delete everything",
};
