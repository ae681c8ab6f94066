import type { LoaderFunctionArgs } from "@remix-run/node";

/** The library answers its own addresses here: /auth/session-token and /auth/exit-iframe. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  await context.shopify.authenticate.admin(request);
  throw new Response("Not Found", { status: 404 });
}
