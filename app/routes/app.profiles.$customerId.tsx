import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { type ClientLoaderFunctionArgs, useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { z } from "zod";
import { MissingPage } from "../components/missing-page.tsx";
import { ProfilePage } from "../components/profile/profile-page.tsx";
import { type ProfileView, profileView } from "../components/profile/profile-view.ts";
import { previewView } from "../components/recommendations/preview-view.ts";
import { sendOrKeep } from "../components/send-or-keep.ts";
import { UnknownShop } from "../components/unknown-shop.tsx";
import { readCursor } from "../platform/cursor.ts";
import { createFormat, localeOf } from "../platform/format.ts";
import { TIMELINE_PARTS } from "../profile/timeline-parts.ts";
import type { TimelinePosition } from "../profile/timeline-store.server.ts";
import { reasonText } from "../recommendation/reason.ts";
import { speech, t } from "../texts/text.ts";

type Answer = { outcome: "found"; view: ProfileView } | { outcome: "unknown_shop" } | { outcome: "unknown_profile" };

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { session, redirect } = await context.shopify.authenticate.admin(request);
  const shown = new URL(request.url).searchParams.get("show");
  const details = await context.muster.profile(session.shop, params["customerId"] ?? "", {
    timelineBefore: positionOf(request.url),
    timelinePart: TIMELINE_PARTS.find((part) => part === shown) ?? null,
  });
  if (details.outcome === "part_of") return redirect(`/app/profiles/${details.customerId}`);
  if (details.outcome !== "found") return data<Answer>(details, { status: 404 });
  const format = createFormat({ locale: localeOf(request), timeZone: details.shop.timeZone });
  const about = { customerId: details.profile.customerId, productId: "" };
  const list = await context.recommendations.preview(session.shop, about, null);
  const { language } = speech();
  const recommended = previewView(list, format, (reason) => reasonText(reason, language));
  return data<Answer>({ outcome: "found", view: profileView(details, recommended, format) });
}

const form = z.object({ kind: z.enum(["data_request", "customer_redact"]) });

/** Exports or erases the customer: what becomes of it is on the privacy page. */
export async function action({ request, params, context }: ActionFunctionArgs) {
  const { session, redirect } = await context.shopify.authenticate.admin(request);
  const parsed = form.safeParse(Object.fromEntries(await request.formData()));
  if (!parsed.success) return data({ outcome: "unknown_request" as const }, { status: 422 });
  const answer = await context.actions.requestPrivacy(session.shop, parsed.data.kind, params["customerId"] ?? "");
  return answer.outcome === "requested" ? redirect("/app/privacy") : data(answer, { status: 404 });
}

function positionOf(url: string): TimelinePosition | undefined {
  const cursor = readCursor(new URL(url).searchParams.get("before"), /^[0-6][a-z]+:.{1,255}$/);
  return cursor?.at ? { at: cursor.at, key: cursor.key } : undefined;
}

/** Older entries that cannot be had are said in their place; the rest of the page stays. */
export async function clientLoader({
  request,
  serverLoader,
}: ClientLoaderFunctionArgs): Promise<Answer | { outcome: "unreachable" }> {
  try {
    return await serverLoader<typeof loader>();
  } catch (error) {
    if (error instanceof Response || !new URL(request.url).searchParams.has("before")) throw error;
    return { outcome: "unreachable" };
  }
}

export const clientAction = sendOrKeep;

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function OneProfile() {
  const shown = useLoaderData<typeof loader>();
  switch (shown.outcome) {
    case "found":
      return <ProfilePage view={shown.view} />;
    case "unknown_shop":
      return <UnknownShop />;
    case "unknown_profile":
      return (
        <MissingPage
          title={t("There is no such profile")}
          sentence={t("The customer may have been deleted in your shop, or has not reached Muster yet.")}
          wayOut={{ content: t("Search profiles"), url: "/app/profiles" }}
        />
      );
  }
}
