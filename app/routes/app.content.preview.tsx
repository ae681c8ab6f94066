import { type ActionFunctionArgs, data, type HeadersFunction } from "@remix-run/node";
import { boundary } from "@shopify/shopify-app-remix/server";
import { z } from "zod";
import { askInPassing } from "../components/ask-in-passing.ts";
import { fallbacksSchema, MOST_SOURCE } from "../content/limits.ts";
import type { BlockPreview } from "../jobs/content-admin.server.ts";
import { t } from "../texts/text.ts";

const form = z.object({
  source: z.string().max(MOST_SOURCE),
  fallbacks: fallbacksSchema,
  place: z.enum(["storefront", "email"]),
  customerId: z.string().max(20).default(""),
});

/** What a block that is being written is for a customer, or for nobody, and what is wrong with it. */
export async function action({ request, context }: ActionFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const parsed = form.safeParse(Object.fromEntries(await request.formData()));
  if (!parsed.success) {
    const message = t("A block has at most {count} characters.", { count: MOST_SOURCE });
    const problem = { severity: "error" as const, line: 1, column: 1, start: 0, end: 0, message };
    return data<BlockPreview>({ outcome: "refused", problems: [problem] });
  }
  return data(await context.content.preview(session.shop, parsed.data));
}

export const clientAction = askInPassing;

export const headers: HeadersFunction = (args) => boundary.headers(args);
