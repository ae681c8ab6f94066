import { data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { boundary } from "@shopify/shopify-app-remix/server";
import { type CountView, countView } from "../components/profiles/profiles-view.ts";
import { createFormat, localeOf } from "../platform/format.ts";

/** How many a rule is true for, for the list that it filters: by a sample, or with `exact` counted. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const { searchParams } = new URL(request.url);
  const asked = { text: searchParams.get("rule") ?? "", exact: searchParams.has("exact") };
  const found = await context.muster.countMatching(session.shop, asked);
  const format = createFormat({ locale: localeOf(request), timeZone: "UTC" });
  return data<CountView | null>(countView(found, format));
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
