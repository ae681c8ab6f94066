import { data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { boundary } from "@shopify/shopify-app-remix/server";

/** Products to choose from, by title or number. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const query = (new URL(request.url).searchParams.get("query") ?? "").slice(0, 200);
  return data({ products: await context.recommendations.products(session.shop, query) });
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
