import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { z } from "zod";
import { isPhone } from "../components/is-phone.ts";
import { SegmentsPage } from "../components/segments/segments-page.tsx";
import { type SegmentsView, segmentsView } from "../components/segments/segments-view.ts";
import { sendOrKeep } from "../components/send-or-keep.ts";
import { UnknownShop } from "../components/unknown-shop.tsx";
import type { RemovalAnswer } from "../jobs/segment-removal.server.ts";
import { createFormat, localeOf } from "../platform/format.ts";
import { t } from "../texts/text.ts";

type Answer = { outcome: "found"; view: SegmentsView; phone: boolean } | { outcome: "unknown_shop" };

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const listing = await context.segments.list(session.shop);
  if (listing.outcome === "unknown_shop") return data<Answer>(listing, { status: 404 });
  const locale = localeOf(request);
  const format = createFormat({ locale, timeZone: listing.shop.timeZone });
  return data<Answer>({ outcome: "found", view: segmentsView(listing, format), phone: isPhone(request) });
}

const form = z.object({ intent: z.literal("restore"), segmentId: z.coerce.number().int().positive() });

/** Restores a segment that was removed. */
export async function action({ request, context }: ActionFunctionArgs) {
  const { shop, by } = await context.shopify.staff(request);
  const parsed = form.safeParse(Object.fromEntries(await request.formData()));
  if (!parsed.success) {
    const reason = t("The form was incomplete. Load the page again.");
    return data<RemovalAnswer>({ outcome: "refused", reason }, { status: 422 });
  }
  const answer = await context.segments.restore(shop, parsed.data.segmentId, by);
  return data<RemovalAnswer>(answer, { status: answer.outcome === "refused" ? 422 : 200 });
}

export const clientAction = sendOrKeep;

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function Segments() {
  const shown = useLoaderData<typeof loader>();
  if (shown.outcome === "unknown_shop") return <UnknownShop />;
  return <SegmentsPage view={shown.view} phone={shown.phone} />;
}
