import { data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { ComparisonsPage } from "../components/destinations/comparisons-page.tsx";
import { type ComparisonsView, comparisonsView } from "../components/destinations/comparisons-view.ts";
import { isPhone } from "../components/is-phone.ts";
import { MissingPage } from "../components/missing-page.tsx";
import { UnknownShop } from "../components/unknown-shop.tsx";
import { createFormat, localeOf } from "../platform/format.ts";
import { t } from "../texts/text.ts";

type Answer = { outcome: "found"; view: ComparisonsView; phone: boolean } | { outcome: "unknown_shop" | "gone" };

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const { destinationId = "", audienceId = "" } = params;
  const answer = await context.connections.comparisons(session.shop, destinationId, audienceId);
  if (answer.outcome !== "found") return data<Answer>(answer, { status: 404 });
  const format = createFormat({ locale: localeOf(request), timeZone: answer.shop.timeZone });
  return data<Answer>({ outcome: "found", view: comparisonsView(answer, format), phone: isPhone(request) });
}

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function Comparisons() {
  const shown = useLoaderData<typeof loader>();
  if (shown.outcome === "unknown_shop") return <UnknownShop />;
  if (shown.outcome !== "found") {
    return (
      <MissingPage
        title={t("This audience is not there any more")}
        sentence={t("It was given up, or the link is mistyped.")}
        wayOut={{ content: t("Destinations"), url: "/app/destinations" }}
      />
    );
  }
  return <ComparisonsPage view={shown.view} phone={shown.phone} />;
}
