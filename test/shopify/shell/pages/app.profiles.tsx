import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Card, Page, Text } from "@shopify/polaris";
import { boundary } from "@shopify/shopify-app-remix/server";

let failed = false;

export async function loader({ request, context }: LoaderFunctionArgs) {
  await context.shopify.authenticate.admin(request);
  const query = new URL(request.url).searchParams;
  if (query.has("fail") && !failed) {
    failed = true;
    throw new Error("a page that fails once");
  }
  return { filter: query.get("filter") ?? "none" };
}

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function SecondPage() {
  return (
    <Page title="Second page">
      <Card>
        <Text as="p">Filter: {useLoaderData<typeof loader>().filter}</Text>
      </Card>
    </Page>
  );
}
