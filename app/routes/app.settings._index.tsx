import { data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { SettingsPage } from "../components/settings/settings-page.tsx";
import { type SettingsView, settingsView } from "../components/settings/settings-view.ts";
import { UnknownShop } from "../components/unknown-shop.tsx";
import { createFormat, localeOf } from "../platform/format.ts";

type Answer = { outcome: "found"; view: SettingsView } | { outcome: "unknown_shop" };

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const found = await context.muster.settings(session.shop);
  if (found.outcome === "unknown_shop") return data<Answer>(found, { status: 404 });
  const format = createFormat({ locale: localeOf(request), timeZone: found.shop.timeZone });
  return data<Answer>({ outcome: "found", view: settingsView(found, format) });
}

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function Settings() {
  const shown = useLoaderData<typeof loader>();
  return shown.outcome === "found" ? <SettingsPage view={shown.view} /> : <UnknownShop />;
}
