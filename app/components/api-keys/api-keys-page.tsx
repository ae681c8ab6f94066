import { BlockStack, Box, Card, Link, Text } from "@shopify/polaris";
import { useState } from "react";
import { AdminPage } from "../admin-page.tsx";
import { NothingYet } from "../nothing-yet.tsx";
import type { KeyView } from "./api-keys-view.ts";
import { RecordTable } from "../record-table.tsx";
import { ShownOnce } from "../shown-once.tsx";
import { keyColumns } from "./key-columns.tsx";
import { NewKeyCard } from "./new-key-card.tsx";
import { RevokeModal } from "./revoke-modal.tsx";
import { t } from "../../texts/text.ts";
import { Sentence } from "../text.tsx";

/** What became of the last form. */
export type KeyAnswered =
  | { outcome: "created"; name: string; key: string }
  | { outcome: "refused"; field: "name" | "scopes"; reason: string }
  | { outcome: "revoked" | "unknown_key" | "unknown_shop" };

export interface ApiKeysPageProps {
  keys: readonly KeyView[];
  answered: KeyAnswered | undefined;
  /** The server's guess, until the browser knows. */
  phone: boolean;
}

export function ApiKeysPage({ keys, answered, phone }: ApiKeysPageProps) {
  const [revoking, setRevoking] = useState<KeyView | null>(null);
  return (
    <AdminPage
      title={t("API keys")}
      subtitle={t("Your own systems tell Muster what happened, and what they know about customers.")}
      backAction={{ content: t("Data"), url: "/app/data" }}
    >
      <BlockStack gap="400">
        {answered?.outcome === "created" && (
          <ShownOnce
            key={answered.key}
            title={t("The key for {name}", { name: answered.name })}
            label={t("Key")}
            words={t("Copy it now. Only a hash of it is kept, so it cannot be shown again.")}
            secret={answered.key}
          />
        )}
        <NewKeyCard answered={answered} />
        <Card padding="0">
          {keys.length === 0 ? (
            <NothingYet
              heading={t("No keys yet")}
              sentence={t("Make one for each system that sends something, so that each can be taken back alone.")}
            />
          ) : (
            <RecordTable
              names={{ singular: t("key|one of several"), plural: t("keys|several") }}
              columns={keyColumns(setRevoking)}
              rows={keys}
              phone={phone}
            />
          )}
        </Card>
        {/* On a phone cards reach the edges, and what stands outside of them keeps away. */}
        <Box paddingInline={{ xs: "400", sm: "0" }}>
          <Text as="p" tone="subdued">
            <Sentence
              text="What the two addresses take and answer is described in {link}. Requests can be repeated without effect. Nothing they say changes anybody’s consent."
              parts={{
                link: (
                  <Link url="/api/openapi.json" target="_blank">
                    OpenAPI
                  </Link>
                ),
              }}
            />
          </Text>
        </Box>
      </BlockStack>
      {revoking && <RevokeModal revoking={revoking} answered={answered} onClose={() => setRevoking(null)} />}
    </AdminPage>
  );
}
