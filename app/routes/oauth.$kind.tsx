import { type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { t } from "../texts/text.ts";

/** Where a platform sends a merchant back to, outside the admin's frame and without a session of Shopify's. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url);
  const given = { state: searchParams.get("state") ?? "", code: searchParams.get("code") };
  const answer = await context.oauth.answer(params["kind"] ?? "", given);
  const headers = { "Cache-Control": "no-store", "Referrer-Policy": "no-referrer" };
  if (answer.outcome === "back") return redirect(answer.url, { headers });
  return new Response(t("This link has been used or is too old. Open Muster in Shopify and connect once more."), {
    status: 404,
    headers,
  });
}
