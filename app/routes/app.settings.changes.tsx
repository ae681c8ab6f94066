import { data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { isPhone } from "../components/is-phone.ts";
import { changeView } from "../components/settings/change-view.ts";
import { ChangesPage, type ChangesView } from "../components/settings/changes-page.tsx";
import { UnknownShop } from "../components/unknown-shop.tsx";
import { createFormat, localeOf } from "../platform/format.ts";
import { idPages, readIdWindow } from "../platform/id-window.ts";

type Answer = { outcome: "found"; view: ChangesView; phone: boolean } | { outcome: "unknown_shop" };

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const { searchParams } = new URL(request.url);
  const asked = { subject: searchParams.get("subject") ?? "", author: searchParams.get("author") ?? "" };
  const found = await context.muster.changes(session.shop, { ...asked, window: readIdWindow(searchParams) });
  if (found.outcome === "unknown_shop") return data<Answer>(found, { status: 404 });
  const { shop, now, page, authors } = found;
  const format = createFormat({ locale: localeOf(request), timeZone: shop.timeZone });
  const changes = page.rows.map((change) => changeView(change, now, format));
  const view = { asked, changes, authors, pages: idPages(page, "/app/settings/changes", asked) };
  return data<Answer>({ outcome: "found", view, phone: isPhone(request) });
}

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function Changes() {
  const shown = useLoaderData<typeof loader>();
  return shown.outcome === "found" ? <ChangesPage view={shown.view} phone={shown.phone} /> : <UnknownShop />;
}
