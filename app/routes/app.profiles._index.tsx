import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { isPhone } from "../components/is-phone.ts";
import { ProfilesPage } from "../components/profiles/profiles-page.tsx";
import { type ProfilesView, profilesView } from "../components/profiles/profiles-view.ts";
import { sendOrKeep } from "../components/send-or-keep.ts";
import { UnknownShop } from "../components/unknown-shop.tsx";
import { readCursor } from "../platform/cursor.ts";
import { createFormat, localeOf } from "../platform/format.ts";
import type { ProfileWindow } from "../profile/profile-pages-store.server.ts";

type Answer = { outcome: "found"; view: ProfilesView; phone: boolean } | { outcome: "unknown_shop" };

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const { searchParams } = new URL(request.url);
  const query = (searchParams.get("query") ?? "").trim();
  const rule = searchParams.get("rule")?.slice(0, LONGEST_RULE) ?? null;
  const asked = { query, rule: rule ?? "", window: windowOf(searchParams) };
  const listing = await context.muster.searchProfiles(session.shop, asked);
  if (listing.outcome === "unknown_shop") return data<Answer>(listing, { status: 404 });
  const locale = localeOf(request);
  const format = createFormat({ locale, timeZone: listing.shop.timeZone });
  const filter = rule === null ? null : { text: rule, vocabulary: await context.segments.vocabulary(session.shop) };
  return data<Answer>({
    outcome: "found",
    view: profilesView(listing, query, format, filter),
    phone: isPhone(request),
  });
}

/** Keeps which columns the list has. */
export async function action({ request, context }: ActionFunctionArgs) {
  const { shop, by } = await context.shopify.staff(request);
  const form = await request.formData();
  if (form.get("intent") !== "columns") return data({ outcome: "unknown_intent" as const }, { status: 422 });
  return data(await context.actions.chooseColumns(shop, form.getAll("column").map(String), by));
}

/** Addresses that are longer do not arrive. */
const LONGEST_RULE = 6_000;

function windowOf(searchParams: URLSearchParams): ProfileWindow {
  for (const side of ["after", "before"] as const) {
    const cursor = readCursor(searchParams.get(side), /^\d{1,18}$/);
    if (!cursor) continue;
    const position = { lastSeenAt: cursor.at, customerId: cursor.key };
    return side === "after" ? { after: position } : { before: position };
  }
  return "first";
}

export const clientAction = sendOrKeep;

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function Profiles() {
  const shown = useLoaderData<typeof loader>();
  if (shown.outcome === "unknown_shop") return <UnknownShop />;
  return <ProfilesPage view={shown.view} phone={shown.phone} />;
}
