import { data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { boundary } from "@shopify/shopify-app-remix/server";
import { previewView, troubleView } from "../components/recommendations/preview-view.ts";
import { readRules } from "../components/recommendations/rules-advice.ts";
import { createFormat, localeOf } from "../platform/format.ts";
import { reasonText } from "../recommendation/reason.ts";
import { speech } from "../texts/text.ts";

/** What would be shown to a customer, beside a product, or to a visitor: by the saved rules, or by those that come along as they are typed. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const { searchParams } = new URL(request.url);
  const asked = (name: string): string => (searchParams.get(name) ?? "").slice(0, 30);
  const typed = searchParams.get("rules");
  const rules = typed === null ? null : readRules(typed);
  if (rules?.outcome === "refused") return data(troubleView(rules.reason));
  const found = await context.recommendations.preview(
    session.shop,
    { customerId: asked("customer"), productId: asked("product") },
    rules && rules.rules,
  );
  const locale = localeOf(request);
  const { language } = speech();
  return data(previewView(found, createFormat({ locale, timeZone: "UTC" }), (reason) => reasonText(reason, language)));
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
