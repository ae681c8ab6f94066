import { BlockStack, Card, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { Instant, type ShownInstant } from "../shown-instant.tsx";
import type { ProfileView } from "./profile-view.ts";

export function AboutCard({ view }: { view: ProfileView }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          About
        </Text>
        <Line label="E-mail">{view.email ?? "No e-mail address"}</Line>
        <Line label="E-mail marketing">{view.consent.text}</Line>
        <Line label="Phone">{view.phone ?? "No telephone number"}</Line>
        {view.language && <Line label="Language">{view.language}</Line>}
        <Line label="First order">{orNever(view.firstOrder)}</Line>
        <Line label="Last order">{orNever(view.lastOrder)}</Line>
        <Line label="Last seen">{orNever(view.lastSeen)}</Line>
        <Line label="Shopify customer id">{view.id}</Line>
        {view.findings.length > 0 && <Line label="Doubtful data">{view.findings.join(", ")}</Line>}
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

function orNever(at: ShownInstant | null): ReactNode {
  return at ? <Instant at={at} /> : "Never";
}
