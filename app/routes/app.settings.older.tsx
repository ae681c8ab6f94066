import { data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { boundary } from "@shopify/shopify-app-remix/server";
import { z } from "zod";
import { olderWords } from "../components/settings/retention-view.ts";
import { createFormat, localeOf } from "../platform/format.ts";
import { KEPT_KINDS } from "../privacy/retention.ts";

const query = z.object({ kind: z.enum(KEPT_KINDS), days: z.coerce.number().int().min(1).max(10_000) });

/** How much of what is kept is older than so many days, for the page on which that is chosen. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const asked = query.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!asked.success) return data(null, { status: 422 });
  const { kind, days } = asked.data;
  const found = await context.retention.older(session.shop, kind, days);
  if (found.outcome === "unknown_shop") return data(null, { status: 404 });
  const format = createFormat({ locale: localeOf(request), timeZone: "UTC" });
  return data({ days, sentence: olderWords(found, days, format) });
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
