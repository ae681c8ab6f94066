import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { z } from "zod";
import { DuplicatesPage } from "../components/duplicates/duplicates-page.tsx";
import { type DuplicatesView, duplicatesView } from "../components/duplicates/duplicates-view.ts";
import { readPairWindow } from "../components/duplicates/duplicates-url.ts";
import { sendOrKeep } from "../components/send-or-keep.ts";
import { UnknownShop } from "../components/unknown-shop.tsx";
import { createFormat, localeOf } from "../platform/format.ts";

type Answer = { outcome: "found"; view: DuplicatesView } | { outcome: "unknown_shop" };

/** What somebody may have written into the address reads as if it were not there. */
const query = z.object({
  view: z.enum(["open", "merged", "not_same"]).catch("open"),
  customer: z
    .string()
    .regex(/^[1-9]\d{0,17}$/)
    .nullable()
    .catch(null),
});

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const { searchParams } = new URL(request.url);
  const { view, customer } = query.parse({ view: searchParams.get("view"), customer: searchParams.get("customer") });
  const window = readPairWindow(searchParams, view);
  const answer = await context.muster.duplicates(session.shop, { view, customerId: customer, window });
  if (answer.outcome === "unknown_shop") return data<Answer>(answer, { status: 404 });
  const locale = localeOf(request);
  const format = createFormat({ locale, timeZone: answer.shop.timeZone });
  return data<Answer>({ outcome: "found", view: duplicatesView(answer, format) });
}

const id = z.string().regex(/^[1-9]\d{0,17}$/);
const form = z.union([
  z.object({ decision: z.enum(["merge", "not_same", "undo"]), low: id, high: id }),
  z.object({ decision: z.literal("automatic"), from: z.union([z.literal("off"), z.coerce.number().min(50).max(100)]) }),
]);

export async function action({ request, context }: ActionFunctionArgs) {
  const { shop, by } = await context.shopify.staff(request);
  const parsed = form.safeParse(Object.fromEntries(await request.formData()));
  if (!parsed.success) return data({ outcome: "unknown_request" as const }, { status: 422 });
  const { data: asked } = parsed;
  if (asked.decision === "automatic") {
    const from = asked.from === "off" ? null : asked.from / 100;
    return context.actions.mergeDuplicatesFrom(shop, from, by);
  }
  return context.actions.decideAboutPair(shop, [asked.low, asked.high], asked.decision);
}

export const clientAction = sendOrKeep;

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function Duplicates() {
  const shown = useLoaderData<typeof loader>();
  return shown.outcome === "found" ? <DuplicatesPage view={shown.view} /> : <UnknownShop />;
}
