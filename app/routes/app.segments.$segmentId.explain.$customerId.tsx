import { data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { MissingPage } from "../components/missing-page.tsx";
import { ExplanationPage } from "../components/segments/explanation-page.tsx";
import { type ExplanationView, explanationView } from "../components/segments/explanation-view.ts";
import { createFormat, localeOf } from "../platform/format.ts";
import { t } from "../texts/text.ts";

type Answer = { outcome: "found"; view: ExplanationView } | { outcome: "unknown" };

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const { segmentId = "", customerId = "" } = params;
  const found = await context.segments.explain(session.shop, segmentId, customerId);
  if (found.outcome === "unknown") return data<Answer>(found, { status: 404 });
  const locale = localeOf(request);
  const format = createFormat({ locale, timeZone: found.shop.timeZone });
  return data<Answer>({ outcome: "found", view: explanationView(found, segmentId, format) });
}

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function Explanation() {
  const shown = useLoaderData<typeof loader>();
  if (shown.outcome === "unknown") {
    return (
      <MissingPage
        title={t("There is nothing to explain here")}
        sentence={t("The segment or the customer is not there any more.")}
        wayOut={{ content: t("All segments"), url: "/app/segments" }}
      />
    );
  }
  return <ExplanationPage view={shown.view} />;
}
