import { data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack } from "@shopify/polaris";
import { boundary } from "@shopify/shopify-app-remix/server";
import { AdminPage } from "../components/admin-page.tsx";
import { DeadLettersCard } from "../components/data/dead-letters-card.tsx";
import { DuplicatesCard } from "../components/data/duplicates-card.tsx";
import { QualityCard } from "../components/data/quality-card.tsx";
import { type FindingView, qualityView } from "../components/data/quality-view.ts";
import { SourcesCard } from "../components/data/sources-card.tsx";
import { type SourceView, sourcesView } from "../components/data/sources-view.ts";
import { UnknownShop } from "../components/unknown-shop.tsx";
import { useLiveRefresh } from "../components/use-live-refresh.ts";
import { createFormat, localeOf } from "../platform/format.ts";
import { t } from "../texts/text.ts";

type Answer =
  | {
      outcome: "found";
      sources: SourceView[];
      findings: FindingView[];
      likelyDuplicates: string | null;
      deadLetters: string | null;
    }
  | { outcome: "unknown_shop" };

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const answer = await context.muster.quality(session.shop);
  if (answer.outcome === "unknown_shop") return data<Answer>(answer, { status: 404 });
  const format = createFormat({ locale: localeOf(request), timeZone: answer.shop.timeZone });
  const { findings, likelyDuplicates, deadLetters } = answer;
  return data<Answer>({
    outcome: "found",
    sources: sourcesView(answer, format),
    findings: qualityView(findings, format),
    likelyDuplicates: likelyDuplicates > 0 ? format.number(likelyDuplicates) : null,
    deadLetters: deadLetters > 0 ? format.number(deadLetters) : null,
  });
}

export const headers: HeadersFunction = (args) => boundary.headers(args);

const REFRESH_MS = 10_000;

export default function Data() {
  const shown = useLoaderData<typeof loader>();
  useLiveRefresh(REFRESH_MS);
  if (shown.outcome === "unknown_shop") return <UnknownShop />;
  return (
    <AdminPage title={t("Data")} subtitle={t("What Muster was told, and how far it can be trusted.")}>
      <BlockStack gap="400">
        <SourcesCard sources={shown.sources} />
        <DeadLettersCard count={shown.deadLetters} />
        <DuplicatesCard waiting={shown.likelyDuplicates} />
        <QualityCard findings={shown.findings} />
      </BlockStack>
    </AdminPage>
  );
}
