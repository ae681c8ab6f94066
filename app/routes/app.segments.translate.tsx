import { type ActionFunctionArgs, data } from "@remix-run/node";

/** Reads SQL and answers with the same rule as text. */
export async function action({ request, context }: ActionFunctionArgs) {
  await context.shopify.authenticate.admin(request);
  const sql = String((await request.formData()).get("sql") ?? "");
  return data(await context.segments.translate(sql));
}
