import { data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { LibraryPage } from "../components/segments/library-page.tsx";
import { library } from "../segment/library.ts";
import { t } from "../texts/text.ts";

export async function loader({ request, context }: LoaderFunctionArgs) {
  await context.shopify.authenticate.admin(request);
  return data(library.map(({ key, name, purpose, text }) => ({ key, name: t(name), purpose: t(purpose), text })));
}

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function Library() {
  return <LibraryPage segments={useLoaderData<typeof loader>()} />;
}
