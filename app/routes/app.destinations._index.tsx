import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { z } from "zod";
import { DestinationsPage } from "../components/destinations/destinations-page.tsx";
import { UnknownShop } from "../components/unknown-shop.tsx";

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const answer = await context.muster.destinations(session.shop);
  return data(answer, { status: answer.outcome === "unknown_shop" ? 404 : 200 });
}

/** Keys are pasted, often with what stood around them. */
const apiKey = z.string().trim().min(1, "Paste the key first.").max(2_000, "A key is shorter than this.");
const form = z.object({ kind: z.string(), apiKey, place: z.string().optional() });

export async function action({ request, context }: ActionFunctionArgs) {
  const { shop, by } = await context.shopify.staff(request);
  const parsed = form.safeParse(Object.fromEntries(await request.formData()));
  if (!parsed.success) return refused(null, parsed.error.issues[0]?.message ?? "The form was incomplete.");
  const { kind, apiKey: key, place } = parsed.data;
  const answer = await context.actions.connect(shop, { kind, apiKey: key, place: place || null }, by);
  return answer.outcome === "refused" ? refused(kind, answer.reason) : data({ kind, ...answer });
}

function refused(kind: string | null, reason: string) {
  return data({ kind, outcome: "refused" as const, reason }, { status: 422 });
}

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function Destinations() {
  const shown = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  if (shown.outcome === "unknown_shop") return <UnknownShop />;
  return <DestinationsPage destinations={shown.destinations} answered={answered} />;
}
