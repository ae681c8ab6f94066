import { data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { SegmentsPage } from "../components/segments/segments-page.tsx";
import { type SegmentsView, segmentsView } from "../components/segments/segments-view.ts";
import { UnknownShop } from "../components/unknown-shop.tsx";
import { createFormat, readLocale } from "../platform/format.ts";

type Answer = { outcome: "found"; view: SegmentsView } | { outcome: "unknown_shop" };

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const listing = await context.segments.list(session.shop);
  if (listing.outcome === "unknown_shop") return data<Answer>(listing, { status: 404 });
  const locale = readLocale(request.headers.get("Accept-Language"));
  const format = createFormat({ locale, timeZone: listing.shop.timeZone });
  return data<Answer>({ outcome: "found", view: segmentsView(listing, format) });
}

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function Segments() {
  const shown = useLoaderData<typeof loader>();
  if (shown.outcome === "unknown_shop") return <UnknownShop />;
  return <SegmentsPage view={shown.view} />;
}
