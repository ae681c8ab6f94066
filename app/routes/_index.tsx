import { type LoaderFunctionArgs, redirect } from "@remix-run/node";

/** Shopify opens the app at its root. Every parameter is kept: without them the page cannot be embedded. */
export function loader({ request }: LoaderFunctionArgs) {
  throw redirect(`/app${new URL(request.url).search}`);
}
