import { data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { boundary } from "@shopify/shopify-app-remix/server";
import type { Viewer } from "../components/content/viewer-field.tsx";
import { t } from "../texts/text.ts";

const MOST = 8;

/** Customers a preview can be made for. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const query = (new URL(request.url).searchParams.get("query") ?? "").slice(0, 200);
  const found = await context.muster.searchProfiles(session.shop, { query, window: "first" });
  const people: Viewer[] =
    found.outcome === "unknown_shop"
      ? []
      : found.profiles.slice(0, MOST).map(({ customerId, firstName, lastName, email }) => ({
          customerId,
          name:
            [firstName, lastName].filter((part) => part).join(" ") || email || t("Customer {id}", { id: customerId }),
        }));
  return data({ people });
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
