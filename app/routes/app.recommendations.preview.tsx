import { data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { boundary } from "@shopify/shopify-app-remix/server";
import { previewView } from "../components/recommendations/preview-view.ts";
import { createFormat, localeOf } from "../platform/format.ts";
import { reasonText } from "../recommendation/reason.ts";
import { speech } from "../texts/text.ts";

/** What would be shown to a customer, beside a product, or to a visitor. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const { searchParams } = new URL(request.url);
  const asked = (name: string): string => (searchParams.get(name) ?? "").slice(0, 30);
  const found = await context.recommendations.preview(session.shop, {
    customerId: asked("customer"),
    productId: asked("product"),
  });
  const locale = localeOf(request);
  const { language } = speech();
  return data(previewView(found, createFormat({ locale, timeZone: "UTC" }), (reason) => reasonText(reason, language)));
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
