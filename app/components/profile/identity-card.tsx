import { BlockStack, Card, Divider, Link, Text } from "@shopify/polaris";
import { Instant } from "../shown-instant.tsx";
import type { IdentifierView, IdentityView } from "./identity-view.ts";
import { t } from "../../texts/text.ts";

/** What the person is known by, and where each of it was told. */
export function IdentityCard({ identity }: { identity: IdentityView }) {
  const { strong, attached, counts, joined, joinedUrl } = identity;
  return (
    <Card>
      <BlockStack gap="300">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t("Identity")}
          </Text>
          <Text as="p" tone="subdued">
            {t("What this person is known by, and where that was told.")}
          </Text>
        </BlockStack>
        {joined.length > 0 && (
          <Text as="p" breakWord>
            {`${t("Joined with customer {ids}.", { ids: joined.join(", ") })} `}
            <Link url={joinedUrl}>{t("Undo a merge")}</Link>
          </Text>
        )}
        {strong.map((identifier) => (
          <Identifier key={identifier.key} identifier={identifier} />
        ))}
        {attached.length > 0 && <Divider />}
        {attached.map((identifier) => (
          <Identifier key={identifier.key} identifier={identifier} />
        ))}
        {counts.length > 0 && (
          <Text as="p" tone="subdued">
            {t("Recognised by {counts}.", { counts: counts.join(", ") })}
          </Text>
        )}
      </BlockStack>
    </Card>
  );
}

function Identifier({ identifier: { label, value, source, last } }: { identifier: IdentifierView }) {
  return (
    <BlockStack>
      <Text as="h3" variant="bodySm" tone="subdued" fontWeight="regular">
        {label}
      </Text>
      <Text as="p" breakWord>
        {value}
      </Text>
      <Text as="p" variant="bodySm" tone="subdued">
        {source}
        {last && (
          <>
            {", "}
            <Instant at={last} />
          </>
        )}
      </Text>
    </BlockStack>
  );
}
