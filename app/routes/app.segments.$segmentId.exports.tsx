import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { isPhone } from "../components/is-phone.ts";
import { ExportsPage } from "../components/segments/exports-page.tsx";
import { exportsView, type ExportsView } from "../components/segments/exports-view.ts";
import { MissingPage } from "../components/missing-page.tsx";
import { sendOrKeep } from "../components/send-or-keep.ts";
import { UnknownShop } from "../components/unknown-shop.tsx";
import { createFormat, localeOf } from "../platform/format.ts";
import { t } from "../texts/text.ts";

type Answer = { outcome: "found"; view: ExportsView; phone: boolean } | { outcome: "unknown_shop" | "unknown_segment" };

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const found = await context.exports.list(session.shop, params["segmentId"] ?? "");
  if (found.outcome !== "found") return data<Answer>(found, { status: 404 });
  const locale = localeOf(request);
  const format = createFormat({ locale, timeZone: found.shop.timeZone });
  return data<Answer>({ outcome: "found", view: exportsView(found, format), phone: isPhone(request) });
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const answer = await context.exports.ask(session.shop, params["segmentId"] ?? "");
  return data(answer, { status: answer.outcome === "asked" ? 200 : 404 });
}

export const clientAction = sendOrKeep;

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function Exports() {
  const shown = useLoaderData<typeof loader>();
  if (shown.outcome === "unknown_shop") return <UnknownShop />;
  if (shown.outcome !== "found") {
    return (
      <MissingPage
        title={t("There is no such segment")}
        sentence={t("It was deleted, or the link is mistyped.")}
        wayOut={{ content: t("Segments"), url: "/app/segments" }}
      />
    );
  }
  return <ExportsPage view={shown.view} phone={shown.phone} />;
}
