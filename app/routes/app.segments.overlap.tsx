import { data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { OverlapPage } from "../components/segments/overlap-page.tsx";
import { readOverlapUrl } from "../components/segments/overlap-url.ts";
import { type OverlapView, overlapView } from "../components/segments/overlap-view.ts";
import { UnknownShop } from "../components/unknown-shop.tsx";
import { createFormat, localeOf } from "../platform/format.ts";

type Answer = { outcome: "found"; view: OverlapView } | { outcome: "unknown_shop" };

/** How the segments named by `?segment=` overlap, two or three of them. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const found = await context.segments.overlap(session.shop, readOverlapUrl(new URL(request.url).searchParams));
  if (found.outcome === "unknown_shop") return data<Answer>(found, { status: 404 });
  const format = createFormat({ locale: localeOf(request), timeZone: found.shop.timeZone });
  return data<Answer>({ outcome: "found", view: overlapView(found, format) });
}

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function Overlap() {
  const shown = useLoaderData<typeof loader>();
  return shown.outcome === "unknown_shop" ? <UnknownShop /> : <OverlapPage view={shown.view} />;
}
