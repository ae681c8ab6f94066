import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { Instant } from "../shown-instant.tsx";
import { StatusBadge } from "../status-badge.tsx";
import type { KeyView } from "./api-keys-view.ts";

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
            Made <Instant at={created} />,{" "}
            {revoked ? (
              <>
                revoked <Instant at={revoked} />
              </>
            ) : lastUsed ? (
              <>
                last used <Instant at={lastUsed} relative />
              </>
            ) : (
              "never used"
            )}
          </Text>
          {!revoked && (
            <Button tone="critical" variant="tertiary" onClick={onRevoke} accessibilityLabel={`Revoke ${name}`}>
              Revoke
            </Button>
          )}
        </InlineStack>
      </BlockStack>
    </Card>
  );
}
