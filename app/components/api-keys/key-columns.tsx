import { Button, InlineStack, Text } from "@shopify/polaris";
import type { RecordColumns } from "../record-table.tsx";
import { Instant } from "../shown-instant.tsx";
import { StatusBadge } from "../status-badge.tsx";
import type { KeyView } from "./api-keys-view.ts";
import { t } from "../../texts/text.ts";

export const keyColumns = (onRevoke: (key: KeyView) => void): RecordColumns<KeyView> => [
  {
    title: t("Name"),
    width: "9rem",
    cell: ({ name }) => (
      <Text as="span" fontWeight="semibold">
        {name}
      </Text>
    ),
  },
  { title: t("State|of a record"), onPhone: "beside", cell: ({ status }) => <StatusBadge status={status} /> },
  { title: t("May|do"), width: "10rem", onPhone: "titled", cell: ({ scopes }) => scopes.join(", ") },
  {
    title: t("Key"),
    onPhone: "titled",
    cell: ({ hint }) => hint,
  },
  { title: t("Made"), onPhone: "titled", cell: ({ created }) => <Instant at={created} /> },
  {
    title: t("Last used"),
    onPhone: "titled",
    cell: ({ lastUsed }) => (lastUsed ? <Instant at={lastUsed} relative /> : t("never")),
  },
  {
    title: t("Action|column"),
    onPhone: "last",
    cell: (key) =>
      key.revoked ? (
        <Text as="span" tone="subdued">
          {t("Revoked {when}", { when: key.revoked.text })}
        </Text>
      ) : (
        <InlineStack>
          <Button
            tone="critical"
            variant="plain"
            onClick={() => onRevoke(key)}
            accessibilityLabel={t("Revoke {name}", { name: key.name })}
          >
            {t("Revoke")}
          </Button>
        </InlineStack>
      ),
  },
];
