import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { ContentPage } from "../components/content/content-page.tsx";
import { contentView, type ContentView } from "../components/content/content-view.ts";
import { isPhone } from "../components/is-phone.ts";
import { sendOrKeep } from "../components/send-or-keep.ts";
import { UnknownShop } from "../components/unknown-shop.tsx";
import { useAnswer } from "../components/use-answer.ts";
import { createFormat, localeOf } from "../platform/format.ts";

type Answer = { outcome: "found"; view: ContentView; phone: boolean } | { outcome: "unknown_shop" };

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const found = await context.content.list(session.shop);
  if (found.outcome === "unknown_shop") return data<Answer>(found, { status: 404 });
  const locale = localeOf(request);
  const format = createFormat({ locale, timeZone: found.shop.timeZone });
  return data<Answer>({ outcome: "found", view: contentView(found, format), phone: isPhone(request) });
}

/** Brings a deleted block back. */
export async function action({ request, context }: ActionFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const blockId = Number((await request.formData()).get("blockId"));
  return data(await context.content.undoRemoval(session.shop, Number.isInteger(blockId) ? blockId : 0));
}

export const clientAction = sendOrKeep;

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function Content() {
  const shown = useLoaderData<typeof loader>();
  const answered = useAnswer<typeof action>();
  if (shown.outcome === "unknown_shop") return <UnknownShop />;
  return <ContentPage view={shown.view} answered={answered} phone={shown.phone} />;
}
