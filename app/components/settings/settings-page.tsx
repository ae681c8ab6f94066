import { BlockStack, Button, Card, InlineStack, Link, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { t } from "../../texts/text.ts";
import { AdminPage } from "../admin-page.tsx";
import { ChangeList } from "./change-list.tsx";
import type { Row, SettingsView } from "./settings-view.ts";

/** What is set for the whole shop: what Shopify says, what is decided elsewhere in the app, and what is kept how long. */
export function SettingsPage({ view }: { view: SettingsView }) {
  return (
    <AdminPage title={t("Settings")}>
      <BlockStack gap="400">
        <Section
          title={t("Your shop")}
          description={t("Days, times and amounts follow your shop. They are set in Shopify and read from there.")}
        >
          <BlockStack gap="200">
            <Rows rows={view.shop.map(({ label, value }) => ({ label, value: <span translate="no">{value}</span> }))} />
            <InlineStack>
              <Button url={view.shopUrl} target="_top" variant="plain">
                {t("Change them in Shopify")}
              </Button>
            </InlineStack>
          </BlockStack>
        </Section>
        <Section
          title={t("Thresholds")}
          description={t("From which point on Muster decides by itself, and where you change that.")}
        >
          <Rows
            rows={view.thresholds.map(({ label, value, url }) => ({
              label,
              value: url === null ? value : <Link url={url}>{value}</Link>,
            }))}
          />
        </Section>
        <Section
          title={t("Privacy requests")}
          description={t(
            "Customers may ask for their data or to be erased. The law gives 30 days; each erasure leaves a proof.",
          )}
        >
          <BlockStack gap="200">
            <Text as="p">{view.privacy}</Text>
            <InlineStack>
              <Button url="/app/privacy">{t("Requests, deadlines and proofs")}</Button>
            </InlineStack>
          </BlockStack>
        </Section>
        <Section
          title={t("What is kept how long")}
          description={t(
            "Customers, orders and what your systems tell are kept until the person is erased, or the app has been removed for 48 hours and Shopify asks for the shop to be erased.",
          )}
        >
          <BlockStack gap="300">
            <Rows rows={view.retention} />
            <InlineStack>
              <Button url="/app/settings/retention">{t("Change what is kept how long")}</Button>
            </InlineStack>
          </BlockStack>
        </Section>
        <Section
          title={t("What staff changed")}
          description={t("Segments, automations, destinations, recommendations, keys and settings, with who did it.")}
        >
          <BlockStack gap="300">
            {view.changes.length === 0 ? (
              <Text as="p" tone="subdued">
                {t("Nothing was changed yet.")}
              </Text>
            ) : (
              <>
                <ChangeList changes={view.changes} />
                <InlineStack>
                  <Button url="/app/settings/changes">{t("All changes")}</Button>
                </InlineStack>
              </>
            )}
          </BlockStack>
        </Section>
      </BlockStack>
    </AdminPage>
  );
}

function Section({ title, description, children }: { title: string; description: string; children: ReactNode }) {
  return (
    <Card>
      <BlockStack gap="300">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {title}
          </Text>
          <Text as="p" tone="subdued">
            {description}
          </Text>
        </BlockStack>
        {children}
      </BlockStack>
    </Card>
  );
}

function Rows({ rows }: { rows: readonly (Omit<Row, "value"> & { value: ReactNode })[] }) {
  return (
    <BlockStack gap="200">
      {rows.map(({ label, value }) => (
        <InlineStack key={label} align="space-between" gap="200">
          <Text as="span" tone="subdued">
            {label}
          </Text>
          <Text as="span">{value}</Text>
        </InlineStack>
      ))}
    </BlockStack>
  );
}
