import { data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { PrivacyPage } from "../components/privacy/privacy-page.tsx";
import { type PrivacyView, privacyView } from "../components/privacy/privacy-view.ts";
import { isPhone } from "../components/is-phone.ts";
import { UnknownShop } from "../components/unknown-shop.tsx";
import { createFormat, localeOf } from "../platform/format.ts";

type Answer = { outcome: "found"; view: PrivacyView; phone: boolean } | { outcome: "unknown_shop" };

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const answer = await context.muster.privacy(session.shop);
  if (answer.outcome === "unknown_shop") return data<Answer>(answer, { status: 404 });
  const locale = localeOf(request);
  const format = createFormat({ locale, timeZone: answer.shop.timeZone });
  return data<Answer>({ outcome: "found", view: privacyView(answer, format), phone: isPhone(request) });
}

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function Privacy() {
  const shown = useLoaderData<typeof loader>();
  return shown.outcome === "found" ? <PrivacyPage view={shown.view} phone={shown.phone} /> : <UnknownShop />;
}
