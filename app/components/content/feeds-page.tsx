import { Form, useNavigation, useSubmit } from "@remix-run/react";
import {
  Badge,
  Banner,
  BlockStack,
  Button,
  Card,
  FormLayout,
  InlineStack,
  Modal,
  Text,
  TextField,
} from "@shopify/polaris";
import { useEffect, useState } from "react";
import { AdminPage } from "../admin-page.tsx";
import { NothingYet } from "../nothing-yet.tsx";
import { t } from "../../texts/text.ts";

export interface FeedView {
  id: number;
  name: string;
  /** Null: revoked. */
  address: string | null;
  about: string;
}

/** What became of the last form. */
export type FeedAnswered =
  | { outcome: "created" | "revoked" | "unknown_feed" | "unknown_customer" | "unknown_shop" }
  | { outcome: "made"; address: string }
  | { outcome: "refused"; reason: string };

/** Addresses under which other tools fetch recommended products, and the end of each. */
export function FeedsPage({ feeds, answered }: { feeds: readonly FeedView[]; answered: FeedAnswered | undefined }) {
  const [name, setName] = useState("");
  const [revoking, setRevoking] = useState<FeedView | null>(null);
  const submit = useSubmit();
  const busy = useNavigation().state !== "idle";
  useEffect(() => {
    if (answered?.outcome === "created") setName("");
    if (answered) setRevoking(null);
  }, [answered]);
  return (
    <AdminPage
      title={t("Feeds")}
      subtitle={t("For tools that fetch recommended products while they send: JSON, by an address that is signed.")}
      backAction={{ content: t("Content"), url: "/app/content" }}
    >
      <BlockStack gap="400">
        {answered?.outcome === "refused" && <Banner tone="critical" title={answered.reason} />}
        {answered?.outcome === "unknown_customer" && (
          <Banner tone="critical" title={t("A customer’s number in Shopify has digits only")} />
        )}
        <Card>
          <Form method="post">
            <input type="hidden" name="intent" value="create" />
            <FormLayout>
              <TextField
                label={t("Which tool will use it")}
                name="name"
                autoComplete="off"
                maxLength={100}
                value={name}
                onChange={setName}
                helpText={t("One for each tool, so that each can be ended alone.")}
              />
              <InlineStack>
                <Button submit loading={busy} disabled={name.trim() === ""}>
                  {t("Create feed")}
                </Button>
              </InlineStack>
            </FormLayout>
          </Form>
        </Card>
        {feeds.length === 0 && (
          <Card>
            <NothingYet
              heading={t("No feeds yet")}
              sentence={t("Klaviyo and Mailchimp get recommended products with their audiences and need none.")}
            />
          </Card>
        )}
        {feeds.map((feed) => (
          <FeedCard key={feed.id} feed={feed} answered={answered} onRevoke={() => setRevoking(feed)} />
        ))}
      </BlockStack>
      {revoking && (
        <Modal
          open
          onClose={() => setRevoking(null)}
          title={t("Revoke {name}?", { name: revoking.name })}
          primaryAction={{
            content: t("Revoke"),
            destructive: true,
            loading: busy,
            onAction: () => submit({ intent: "revoke", id: String(revoking.id) }, { method: "post" }),
          }}
          secondaryActions={[{ content: t("Keep it"), onAction: () => setRevoking(null) }]}
        >
          <Modal.Section>
            <Text as="p">
              {t(
                "Every address of this feed, also those of single customers, answers nothing from now on. This cannot be undone; a new feed can be made at any time.",
              )}
            </Text>
          </Modal.Section>
        </Modal>
      )}
    </AdminPage>
  );
}

interface FeedCardProps {
  feed: FeedView;
  answered: FeedAnswered | undefined;
  onRevoke(): void;
}

function FeedCard({ feed: { id, name, address, about }, answered, onRevoke }: FeedCardProps) {
  const [customer, setCustomer] = useState("");
  const { state, formData } = useNavigation();
  const asked = formData?.get("id") === String(id) && formData.get("intent") === "address";
  const [shown, setShown] = useState<string | null>(null);
  const [mine, setMine] = useState(false);
  useEffect(() => {
    if (asked) setMine(true);
  }, [asked]);
  useEffect(() => {
    if (mine && answered?.outcome === "made") setShown(answered.address);
  }, [mine, answered]);
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            {name}
          </Text>
          {address === null ? (
            <Badge>{t("Revoked")}</Badge>
          ) : (
            <Button
              tone="critical"
              variant="plain"
              onClick={onRevoke}
              accessibilityLabel={t("Revoke {name}", { name })}
            >
              {t("Revoke")}
            </Button>
          )}
        </InlineStack>
        <Text as="p" tone="subdued">
          {about}
        </Text>
        {address !== null && (
          <>
            <TextField
              label={t("Address for the whole shop")}
              autoComplete="off"
              readOnly
              value={address}
              helpText={t(
                "Keep it secret. Add &customer= and a customer’s number for that customer’s products; without it, what is popular.",
              )}
            />
            <Form method="post">
              <input type="hidden" name="intent" value="address" />
              <input type="hidden" name="id" value={id} />
              <TextField
                label={t("Address for one customer alone")}
                name="customer"
                autoComplete="off"
                inputMode="numeric"
                placeholder={t("Customer’s number in Shopify")}
                value={customer}
                onChange={setCustomer}
                connectedRight={
                  <Button submit loading={asked && state !== "idle"} disabled={customer.trim() === ""}>
                    {t("Show")}
                  </Button>
                }
              />
            </Form>
            {shown !== null && (
              <TextField label={t("It answers for nobody else")} autoComplete="off" readOnly value={shown} />
            )}
          </>
        )}
      </BlockStack>
    </Card>
  );
}
