import { data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { LogPage } from "../components/destinations/log-page.tsx";
import { type LogView, logView } from "../components/destinations/log-view.ts";
import { meaningOf } from "../components/destinations/log-words.ts";
import { isPhone } from "../components/is-phone.ts";
import { MissingPage } from "../components/missing-page.tsx";
import { UnknownShop } from "../components/unknown-shop.tsx";
import { createFormat, localeOf } from "../platform/format.ts";
import { readIdWindow } from "../platform/id-window.ts";
import { t } from "../texts/text.ts";

type Answer = { outcome: "found"; view: LogView; phone: boolean } | { outcome: "unknown_shop" | "gone" };

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const asked = new URL(request.url).searchParams;
  const query = (asked.get("query") ?? "").trim().slice(0, 100);
  const answer = await context.connections.log(session.shop, params["destinationId"] ?? "", {
    query,
    meant: meaningOf(query),
    window: readIdWindow(asked),
  });
  if (answer.outcome !== "found") return data<Answer>(answer, { status: 404 });
  const locale = localeOf(request);
  const format = createFormat({ locale, timeZone: answer.shop.timeZone });
  return data<Answer>({ outcome: "found", view: logView(answer, query, format), phone: isPhone(request) });
}

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function Log() {
  const shown = useLoaderData<typeof loader>();
  if (shown.outcome === "unknown_shop") return <UnknownShop />;
  if (shown.outcome !== "found") {
    return (
      <MissingPage
        title={t("This connection is not there any more")}
        sentence={t("It was disconnected, or the link is mistyped.")}
        wayOut={{ content: t("Destinations"), url: "/app/destinations" }}
      />
    );
  }
  return <LogPage view={shown.view} phone={shown.phone} />;
}
