import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { boundary } from "@shopify/shopify-app-remix/server";

export const headers: HeadersFunction = (args) => boundary.headers(args);

/** The file of an export. It is fetched with the session token of the page that offers it. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const file = await context.actions.downloadExport(session.shop, params["requestId"] ?? "");
  if (file.outcome !== "found") return new Response("There is no such export.", { status: 404 });
  return new Response(file.text, {
    headers: {
      "Content-Type": "application/json; charset=utf-8",
      "Content-Disposition": `attachment; filename="${file.name}"`,
      "Cache-Control": "no-store",
    },
  });
}
