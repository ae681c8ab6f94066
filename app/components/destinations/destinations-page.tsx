import { useSubmit } from "@remix-run/react";
import { Banner, BlockStack } from "@shopify/polaris";
import { useEffect, useRef } from "react";
import type { ConnectableDestination } from "../../jobs/admin-reads.server.ts";
import type { ConnectAnswer } from "../../jobs/connect-destination.server.ts";
import { AdminPage } from "../admin-page.tsx";
import { destinationName } from "../audience-words.ts";
import { DestinationCard } from "./destination-card.tsx";
import { t } from "../../texts/text.ts";
import { useLiveRefresh } from "../use-live-refresh.ts";

const REFRESH_MS = 5_000;

/** What became of the last attempt to connect, and of which kind it was. `ticket`: of an attempt by permission that goes on. */
export type Answered = ConnectAnswer & { kind: string | null; ticket: string | null };

export interface DestinationsPageProps {
  destinations: readonly ConnectableDestination[];
  /** The kinds that are connected by permission, too. */
  byPermission: readonly string[];
  /** What a merchant came back from a platform with. */
  back: { ticket: string | null; declined: string | null };
  answered: Answered | undefined;
}

export function DestinationsPage({ destinations, byPermission, back, answered }: DestinationsPageProps) {
  const finishing = useFinish(back.ticket);
  useLiveRefresh(REFRESH_MS);
  return (
    <AdminPage
      title={t("Destinations")}
      subtitle={t(
        "Segments become audiences at the platforms you connect and stay equal to them. Nobody's consent is changed there.",
      )}
    >
      <BlockStack gap="400">
        {finishing && !answered && <Banner tone="info" title={t("Connecting")} />}
        {back.declined !== null && (
          <Banner tone="warning" title={t("Nothing was connected")}>
            <p>{t("The permission was not given at {name}.", { name: destinationName(back.declined) })}</p>
          </Banner>
        )}
        {answered?.outcome === "refused" && answered.kind === null && (
          <Banner tone="critical" title={t("Nothing was connected")}>
            <p>{answered.reason}</p>
          </Banner>
        )}
        {destinations.map((destination) => (
          <DestinationCard
            key={destination.kind}
            destination={destination}
            byPermission={byPermission.includes(destination.kind)}
            answer={answered?.kind === destination.kind ? answered : null}
          />
        ))}
      </BlockStack>
    </AdminPage>
  );
}

/** Ends at once what the merchant permitted at the platform, so that the ticket does not stay in the address. */
function useFinish(ticket: string | null): boolean {
  const submit = useSubmit();
  const begun = useRef<string | null>(null);
  useEffect(() => {
    if (ticket === null || begun.current === ticket) return;
    begun.current = ticket;
    submit({ intent: "finish", ticket }, { method: "post", action: "/app/destinations?index", replace: true });
  }, [ticket, submit]);
  return ticket !== null;
}
