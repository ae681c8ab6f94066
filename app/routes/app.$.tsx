import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { boundary } from "@shopify/shopify-app-remix/server";

/** An address that no page answers: said inside the admin's shell rather than on a bare page. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  await context.shopify.authenticate.admin(request);
  throw new Response("Not Found", { status: 404 });
}

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function NoPage() {
  return null;
}
