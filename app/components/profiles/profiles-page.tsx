import { Box, Card, EmptySearchResult, Text } from "@shopify/polaris";
import { AdminPage } from "../admin-page.tsx";
import { ProfileSearch } from "./profile-search.tsx";
import { ProfilesTable } from "./profiles-table.tsx";
import type { ProfilesView } from "./profiles-view.ts";

/** @param phone the server's guess, until the browser knows. */
export function ProfilesPage({ view, phone }: { view: ProfilesView; phone: boolean }) {
  return (
    <AdminPage title="Profiles" fullWidth>
      <Card padding="0">
        {view.anyProfiles ? (
          <>
            <Box padding="300">
              <ProfileSearch query={view.query} />
            </Box>
            {view.rows.length > 0 ? <ProfilesTable view={view} phone={phone} /> : <NothingFound query={view.query} />}
          </>
        ) : (
          <NoProfiles />
        )}
      </Card>
    </AdminPage>
  );
}

function NothingFound({ query }: { query: string }) {
  return (
    <Box padding="800" borderBlockStartWidth="025" borderColor="border-secondary">
      <div role="status">
        <EmptySearchResult
          withIllustration
          title={`No profile matches \u201c${query}\u201d`}
          description="Try part of a name or e-mail address, at least four digits of a telephone number, an order such as #1001, or the id of a customer or an order."
        />
      </div>
    </Box>
  );
}

function NoProfiles() {
  return (
    <Box padding="800">
      <Text as="h2" variant="headingMd" alignment="center">
        There are no profiles yet
      </Text>
      <Text as="p" tone="subdued" alignment="center">
        The first one appears with the first customer who is saved or buys something in your shop.
      </Text>
    </Box>
  );
}
