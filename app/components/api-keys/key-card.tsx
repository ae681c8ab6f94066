import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { Instant } from "../shown-instant.tsx";
import { StatusBadge } from "../status-badge.tsx";
import type { KeyView } from "./api-keys-view.ts";
import { t } from "../../texts/text.ts";
import { Sentence } from "../text.tsx";

export function KeyCard({ apiKey, onRevoke }: { apiKey: KeyView; onRevoke(): void }) {
  const { name, hint, scopes, created, lastUsed, revoked, status } = apiKey;
  return (
    <Card>
      <BlockStack gap="200">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingSm" breakWord>
            {name}
          </Text>
          <StatusBadge status={status} />
        </InlineStack>
        <Text as="p">
          {scopes.join(", ")}; {hint}
        </Text>
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="p" tone="subdued">
            {revoked ? (
              <Sentence
                text="Made {when}, revoked {revoked}"
                parts={{ when: <Instant at={created} />, revoked: <Instant at={revoked} /> }}
              />
            ) : lastUsed ? (
              <Sentence
                text="Made {when}, last used {used}"
                parts={{ when: <Instant at={created} />, used: <Instant at={lastUsed} relative /> }}
              />
            ) : (
              <Sentence text="Made {when}, never used" parts={{ when: <Instant at={created} /> }} />
            )}
          </Text>
          {!revoked && (
            <Button
              tone="critical"
              variant="tertiary"
              onClick={onRevoke}
              accessibilityLabel={t("Revoke {name}", { name })}
            >
              {t("Revoke")}
            </Button>
          )}
        </InlineStack>
      </BlockStack>
    </Card>
  );
}
