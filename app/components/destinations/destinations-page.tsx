import { BlockStack } from "@shopify/polaris";
import type { ConnectAnswer } from "../../jobs/admin-actions.server.ts";
import type { ConnectableDestination } from "../../jobs/admin-reads.server.ts";
import { AdminPage } from "../admin-page.tsx";
import { DestinationCard } from "./destination-card.tsx";

/** What became of the last attempt to connect, and of which kind it was. */
export type Answered = ConnectAnswer & { kind: string | null };

export interface DestinationsPageProps {
  destinations: readonly ConnectableDestination[];
  answered: Answered | undefined;
}

export function DestinationsPage({ destinations, answered }: DestinationsPageProps) {
  return (
    <AdminPage
      title="Destinations"
      subtitle="Segments become audiences at the platforms you connect and stay equal to them. Nobody's consent is changed there."
    >
      <BlockStack gap="400">
        {destinations.map((destination) => (
          <DestinationCard
            key={destination.kind}
            destination={destination}
            answer={answered?.kind === destination.kind ? answered : null}
          />
        ))}
      </BlockStack>
    </AdminPage>
  );
}
