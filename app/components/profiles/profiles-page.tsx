import { Box, Button, Card, EmptySearchResult, InlineStack, Spinner, Text } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { AdminPage } from "../admin-page.tsx";
import { useLiveRefresh } from "../use-live-refresh.ts";
import { ColumnsButton } from "./columns-button.tsx";
import { ProfileSearch } from "./profile-search.tsx";
import { ProfilesTable } from "./profiles-table.tsx";
import { profilesUrl } from "./profiles-url.ts";
import type { ProfilesView } from "./profiles-view.ts";
import { RuleFilter, RuleFilterOpening } from "./rule-filter.tsx";
import { t } from "../../texts/text.ts";

const REFRESH_MS = 30_000;

/** @param phone the server's guess, until the browser knows. */
export function ProfilesPage({ view, phone }: { view: ProfilesView; phone: boolean }) {
  const [asked, setAsked] = useState(false);
  const filtered = view.filter !== null;
  useLiveRefresh(REFRESH_MS);
  useEffect(() => {
    if (filtered) setAsked(false);
  }, [filtered]);
  return (
    <AdminPage title={t("Profiles")} fullWidth>
      <Card padding="0">
        {view.anyProfiles ? (
          <>
            <Box padding="300">
              <InlineStack gap="200" blockAlign="center">
                <div style={{ flex: "1 1 18rem" }}>
                  <ProfileSearch query={view.query} rule={view.filter?.text ?? null} />
                </div>
                {view.filter === null && (
                  <Button url={profilesUrl({ query: view.query, rule: "" })} onClick={() => setAsked(true)}>
                    {t("Filter by a rule")}
                  </Button>
                )}
                <ColumnsButton columns={view.columns} own={view.ownColumns} />
              </InlineStack>
            </Box>
            {asked && !filtered && <RuleFilterOpening />}
            {view.filter && <RuleFilter filter={view.filter} query={view.query} />}
            {view.rows.length > 0 && <ProfilesTable view={view} phone={phone} />}
            {view.looking && <Looking />}
            {view.rows.length === 0 && !view.looking && <NothingFound view={view} />}
          </>
        ) : (
          <NoProfiles />
        )}
      </Card>
    </AdminPage>
  );
}

const LOOK_AGAIN_MS = 1_500;

/** The rule is true for few: all profiles are gone through, and the page is asked for again until they are. */
function Looking() {
  useLiveRefresh(LOOK_AGAIN_MS);
  return (
    <Box padding="400" borderBlockStartWidth="025" borderColor="border-secondary">
      <div role="status">
        <InlineStack gap="200" blockAlign="center">
          <Spinner size="small" accessibilityLabel={t("Looking")} />
          <Text as="p">{t("Going through all customers; what else is found appears here by itself.")}</Text>
        </InlineStack>
      </div>
    </Box>
  );
}

function NothingFound({ view: { query, filter } }: { view: ProfilesView }) {
  if (filter && filter.problems.length > 0) return null;
  const found = query === "" ? t("No customer matches the rule") : t("No profile matches “{query}”", { query });
  return (
    <Box padding="800" borderBlockStartWidth="025" borderColor="border-secondary">
      <div role="status">
        <EmptySearchResult
          withIllustration
          title={found}
          description={
            query === ""
              ? t(
                  "Nobody is like this now. Widen the rule, or save it as a segment: whoever comes to match is in it at once.",
                )
              : t(
                  "Try part of a name or e-mail address, at least four digits of a telephone number, an order such as #1001, or the id of a customer or an order.",
                )
          }
        />
      </div>
    </Box>
  );
}

function NoProfiles() {
  return (
    <Box padding="800">
      <Text as="h2" variant="headingMd" alignment="center">
        {t("There are no profiles yet")}
      </Text>
      <Text as="p" tone="subdued" alignment="center">
        {t("The first one appears with the first customer who is saved or buys something in your shop.")}
      </Text>
    </Box>
  );
}
