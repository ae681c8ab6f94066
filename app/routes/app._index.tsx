import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { OverviewPage } from "../components/overview/overview-page.tsx";
import { type OverviewView, overviewView } from "../components/overview/overview-view.ts";
import { sendOrKeep } from "../components/send-or-keep.ts";
import { UnknownShop } from "../components/unknown-shop.tsx";
import { useLiveRefresh } from "../components/use-live-refresh.ts";
import { liftOf } from "../recommendation/holdout/lift.ts";
import { createFormat, localeOf } from "../platform/format.ts";

type Answer = { outcome: "found"; view: OverviewView } | { outcome: "unknown_shop" };

const REFRESH_EVERY_MS = 5_000;

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const overview = await context.muster.overview(session.shop);
  if (overview.outcome === "unknown_shop") return data<Answer>(overview, { status: 404 });
  const locale = localeOf(request);
  const format = createFormat({ locale, timeZone: overview.shop.timeZone });
  const { apiKey } = context.shopify.embedding;
  return data<Answer>({ outcome: "found", view: overviewView(overview, format, { liftOf, apiKey }) });
}

/** Starts again what failed of the reading of the shop's past; puts the set-up guide away, or brings it back. */
export async function action({ request, context }: ActionFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  switch ((await request.formData()).get("intent")) {
    case "read-history-again":
      return data(await context.actions.readHistoryAgain(session.shop));
    case "dismiss-guide":
      return data(await context.actions.showGuide(session.shop, false));
    case "show-guide":
      return data(await context.actions.showGuide(session.shop, true));
    default:
      return data({ outcome: "unknown_intent" as const }, { status: 422 });
  }
}

export const clientAction = sendOrKeep;

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function Overview() {
  const shown = useLoaderData<typeof loader>();
  useLiveRefresh(REFRESH_EVERY_MS);
  if (shown.outcome === "unknown_shop") return <UnknownShop />;
  return <OverviewPage view={shown.view} />;
}
