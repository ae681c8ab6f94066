import { Form, useNavigation } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { StatusBadge } from "../status-badge.tsx";
import type { Happened } from "./happened.ts";

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
            Send a sample
          </Text>
          <Text as="p" tone="subdued">
            A made-up person goes into a list of their own at {name}, is read back and removed again, with the list.
            Nobody is subscribed and nothing is sent to the address.
          </Text>
        </BlockStack>
        <Form method="post">
          <input type="hidden" name="intent" value="sample" />
          <TextField
            label="An address of your own"
            name="address"
            type="email"
            autoComplete="email"
            value={address}
            onChange={setAddress}
            disabled={busy || disabled}
            helpText="A part is added to it, so that no customer is meant."
            connectedRight={
              <Button submit loading={busy} disabled={disabled || address.trim() === ""}>
                Send
              </Button>
            }
          />
        </Form>
        {report && (
          <BlockStack gap="150">
            {report.steps.map(({ step, ok, words }) => (
              <InlineStack key={step} gap="200" blockAlign="center">
                <StatusBadge status={ok ? { tone: "success", text: "Done" } : { tone: "critical", text: "Failed" }} />
                <Text as="span">{step.charAt(0).toUpperCase() + step.slice(1)}</Text>
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
