import { type ActionFunctionArgs, data, type HeadersFunction } from "@remix-run/node";
import { boundary } from "@shopify/shopify-app-remix/server";
import { askInPassing } from "../components/ask-in-passing.ts";

/** Reads SQL and answers with the same rule as text. */
export async function action({ request, context }: ActionFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const sql = String((await request.formData()).get("sql") ?? "");
  return data(await context.segments.translate(session.shop, sql));
}

export const clientAction = askInPassing;

export const headers: HeadersFunction = (args) => boundary.headers(args);
