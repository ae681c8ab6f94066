import { Form, useNavigation, useSubmit } from "@remix-run/react";
import {
  Badge,
  Banner,
  BlockStack,
  Button,
  Card,
  FormLayout,
  InlineGrid,
  InlineStack,
  Select,
  Text,
  TextField,
} from "@shopify/polaris";
import { useEffect, useState } from "react";
import { AdminModal } from "../admin-modal.tsx";
import { AdminPage } from "../admin-page.tsx";
import { NothingYet } from "../nothing-yet.tsx";
import { type RecordColumns, RecordTable } from "../record-table.tsx";
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

interface FeedsPageProps {
  feeds: readonly FeedView[];
  answered: FeedAnswered | undefined;
  /** The server's guess, until the browser knows. */
  phone: boolean;
}

/** Addresses under which other tools fetch recommended products, and the end of each. */
export function FeedsPage({ feeds, answered, phone }: FeedsPageProps) {
  const live = feeds.filter(({ address }) => address !== null);
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
        <Card padding="0">
          {feeds.length === 0 ? (
            <NothingYet
              heading={t("No feeds yet")}
              sentence={t("Klaviyo and Mailchimp get recommended products with their audiences and need none.")}
            />
          ) : (
            <RecordTable
              names={{ singular: t("feed|one of several"), plural: t("feeds|several") }}
              columns={columns(setRevoking)}
              rows={feeds}
              phone={phone}
            />
          )}
        </Card>
        {live.length > 0 && <AddressCard feeds={live} answered={answered} />}
      </BlockStack>
      {revoking && (
        <AdminModal
          onClose={() => setRevoking(null)}
          title={t("Revoke {name}?", { name: revoking.name })}
          primary={{
            content: t("Revoke"),
            destructive: true,
            loading: busy,
            onAction: () => submit({ intent: "revoke", id: String(revoking.id) }, { method: "post" }),
          }}
          cancel={t("Keep it")}
        >
          <Text as="p">
            {t(
              "Every address of this feed, also those of single customers, answers nothing from now on. This cannot be undone; a new feed can be made at any time.",
            )}
          </Text>
        </AdminModal>
      )}
    </AdminPage>
  );
}

const columns = (onRevoke: (feed: FeedView) => void): RecordColumns<FeedView> => [
  {
    title: t("Feed"),
    width: "8rem",
    cell: ({ name }) => (
      <Text as="span" fontWeight="semibold">
        {name}
      </Text>
    ),
  },
  {
    title: t("Use|of a feed"),
    width: "10rem",
    cell: ({ about }) => (
      <Text as="span" tone="subdued">
        {about}
      </Text>
    ),
  },
  {
    title: t("Address for the whole shop"),
    width: "18rem",
    cell: ({ name, address }) =>
      address !== null && (
        <TextField
          label={t("Address of {name} for the whole shop", { name })}
          labelHidden
          autoComplete="off"
          readOnly
          selectTextOnFocus
          value={address}
        />
      ),
  },
  {
    title: t("State|of a record"),
    onPhone: "beside",
    cell: (feed) =>
      feed.address === null ? (
        <Badge>{t("Revoked")}</Badge>
      ) : (
        <Button
          tone="critical"
          variant="plain"
          onClick={() => onRevoke(feed)}
          accessibilityLabel={t("Revoke {name}", { name: feed.name })}
        >
          {t("Revoke")}
        </Button>
      ),
  },
];

interface AddressCardProps {
  /** Those that are not revoked. */
  feeds: readonly FeedView[];
  answered: FeedAnswered | undefined;
}

/** An address that answers for one customer alone. */
function AddressCard({ feeds, answered }: AddressCardProps) {
  const [chosen, setChosen] = useState("");
  const [customer, setCustomer] = useState("");
  const { state, formData } = useNavigation();
  const asking = formData?.get("intent") === "address";
  // What was shown belongs to the feed and the customer it was asked for.
  const [shown, setShown] = useState<string | null>(null);
  useEffect(() => {
    if (answered?.outcome === "made") setShown(answered.address);
  }, [answered]);
  const feed = feeds.find(({ id }) => String(id) === chosen) ?? feeds[0];
  return (
    <Card>
      <BlockStack gap="300">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t("Address for one customer alone")}
          </Text>
          <Text as="p" tone="subdued">
            {t(
              "Keep addresses secret. The one for the whole shop answers with what is popular; with &customer= and a customer’s number at its end, with that customer’s products.",
            )}
          </Text>
          <Text as="p" tone="subdued">
            {t(
              "Reasons are in the shop’s language. &locale=de or &locale=en at the end of an address asks for German or English.",
            )}
          </Text>
        </BlockStack>
        <Form method="post">
          <input type="hidden" name="intent" value="address" />
          <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
            <Select
              label={t("Feed")}
              name="id"
              options={feeds.map(({ id, name }) => ({ label: name, value: String(id) }))}
              value={String(feed?.id ?? "")}
              onChange={(next) => {
                setChosen(next);
                setShown(null);
              }}
            />
            <TextField
              label={t("Customer’s number in Shopify")}
              name="customer"
              autoComplete="off"
              inputMode="numeric"
              value={customer}
              onChange={(next) => {
                setCustomer(next);
                setShown(null);
              }}
              connectedRight={
                <Button submit loading={asking && state !== "idle"} disabled={customer.trim() === ""}>
                  {t("Show")}
                </Button>
              }
            />
          </InlineGrid>
        </Form>
        {shown !== null && (
          <TextField
            label={t("It answers for nobody else")}
            autoComplete="off"
            readOnly
            selectTextOnFocus
            value={shown}
          />
        )}
      </BlockStack>
    </Card>
  );
}
