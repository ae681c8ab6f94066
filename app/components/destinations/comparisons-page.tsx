import { Button, Card, Text } from "@shopify/polaris";
import { AdminPage } from "../admin-page.tsx";
import { NothingYet } from "../nothing-yet.tsx";
import { type RecordColumns, RecordTable } from "../record-table.tsx";
import type { ComparisonsView, ComparisonView } from "./comparisons-view.ts";
import { t } from "../../texts/text.ts";
import { useLiveRefresh } from "../use-live-refresh.ts";

const REFRESH_MS = 5_000;

/** What the comparisons of an audience with its platform found, each with its date and a file of whom it names. @param phone the server's guess, until the browser knows */
export function ComparisonsPage({ view, phone }: { view: ComparisonsView; phone: boolean }) {
  const { destinationId, segment, comparisons } = view;
  useLiveRefresh(REFRESH_MS);
  return (
    <AdminPage
      title={t("Comparisons: {segment}", { segment })}
      subtitle={t("Each names up to 5,000 people for every reason. Settings say how long they are kept.")}
      backAction={{ content: t("Connection"), url: `/app/destinations/${destinationId}` }}
    >
      <Card padding="0">
        {comparisons.length === 0 ? (
          <NothingYet
            heading={t("It has not been compared yet")}
            sentence={t(
              "A comparison reads the list of the platform and names everybody who differs from the segment.",
            )}
          />
        ) : (
          <RecordTable
            names={{ singular: t("comparison|one of several"), plural: t("comparisons|several") }}
            columns={columns()}
            rows={comparisons}
            phone={phone}
          />
        )}
      </Card>
    </AdminPage>
  );
}

const columns = (): RecordColumns<ComparisonView> => [
  {
    title: t("Compared|when"),
    cell: ({ at }) => (
      <Text as="span" fontWeight="semibold">
        {at}
      </Text>
    ),
  },
  { title: t("In the segment"), figure: true, onPhone: "titled", cell: ({ members }) => members },
  { title: t("In the list"), figure: true, onPhone: "titled", cell: ({ audience }) => audience },
  {
    title: t("Found|by a comparison"),
    width: "14rem",
    cell: ({ found }) => (
      <Text as="span" numeric>
        {found}
      </Text>
    ),
  },
  {
    title: t("Who differed"),
    onPhone: "beside",
    cell: ({ at, path }) =>
      path !== null && (
        <Button
          url={path}
          download
          target="_blank"
          accessibilityLabel={t("Download who differed on {when}", { when: at })}
        >
          {t("Download")}
        </Button>
      ),
  },
];
