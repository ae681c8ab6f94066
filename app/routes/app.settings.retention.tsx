import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { sendOrKeep } from "../components/send-or-keep.ts";
import { RetentionPage } from "../components/settings/retention-page.tsx";
import { type RetentionView, retentionView } from "../components/settings/retention-view.ts";
import { UnknownShop } from "../components/unknown-shop.tsx";
import { createFormat, localeOf } from "../platform/format.ts";
import { KEPT_KINDS, type KeptKind } from "../privacy/retention.ts";

type Answer = { outcome: "found"; view: RetentionView } | { outcome: "unknown_shop" };

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const found = await context.retention.read(session.shop);
  if (found.outcome === "unknown_shop") return data<Answer>(found, { status: 404 });
  const format = createFormat({ locale: localeOf(request), timeZone: found.shop.timeZone });
  return data<Answer>({ outcome: "found", view: retentionView(found, format) });
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { shop, by } = await context.shopify.staff(request);
  const form = await request.formData();
  const typed = Object.fromEntries(KEPT_KINDS.map((kind) => [kind, String(form.get(kind) ?? "").slice(0, 20)]));
  const saved = await context.retention.keep(shop, typed as Record<KeptKind, string>, by);
  return data(saved, { status: saved.outcome === "saved" ? 200 : 422 });
}

export const clientAction = sendOrKeep;

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function Retention() {
  const shown = useLoaderData<typeof loader>();
  return shown.outcome === "found" ? <RetentionPage view={shown.view} /> : <UnknownShop />;
}
