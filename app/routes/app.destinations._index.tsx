import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { z } from "zod";
import { DestinationsPage } from "../components/destinations/destinations-page.tsx";
import { sendOrKeep } from "../components/send-or-keep.ts";
import { UnknownShop } from "../components/unknown-shop.tsx";
import { useAnswer } from "../components/use-answer.ts";
import { reasonWords } from "../sync/reason-words.ts";
import { t } from "../texts/text.ts";

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const answer = await context.muster.destinations(session.shop);
  const { searchParams } = new URL(request.url);
  const back = { ticket: searchParams.get("ticket"), declined: searchParams.get("declined") };
  const shown = { ...answer, byPermission: context.oauth.kinds, back };
  return data(shown, { status: answer.outcome === "unknown_shop" ? 404 : 200 });
}

/** Keys are pasted, often with what stood around them. */
const apiKey = z.string().trim().min(1, "Paste the key first.").max(2_000, "A key is shorter than this.");
const form = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("key"), kind: z.string(), apiKey, place: z.string().optional() }),
  z.object({ intent: z.literal("permission"), kind: z.string() }),
  z.object({ intent: z.literal("finish"), ticket: z.string().max(100), place: z.string().optional() }),
]);

export async function action({ request, context }: ActionFunctionArgs) {
  const { shop, by, userId, redirect } = await context.shopify.staff(request);
  const parsed = form.safeParse(Object.fromEntries(await request.formData()));
  if (!parsed.success) return refused(null, parsed.error.issues[0]?.message ?? "The form was incomplete.");
  const asked = parsed.data;
  switch (asked.intent) {
    case "key": {
      const { kind, apiKey: key, place } = asked;
      const answer = await context.actions.connect(shop, { kind, apiKey: key, place: place || null }, by);
      return answer.outcome === "refused" ? refused(kind, answer.reason) : data({ kind, ticket: null, ...answer });
    }
    case "permission": {
      const begun = await context.oauth.begin(shop, userId, asked.kind);
      if (begun.outcome !== "go") return refused(asked.kind, t("It is connected by a key here."));
      // The platform's page does not let itself be framed.
      return redirect(begun.url, { target: "_top" });
    }
    case "finish": {
      const answer = await context.oauth.finish(shop, userId, asked.ticket, asked.place || null, by);
      if (answer.outcome === "expired") return refused(null, t("That took too long. Connect once more."));
      return answer.outcome === "refused" ? refused(null, answer.reason) : data({ ticket: asked.ticket, ...answer });
    }
  }
}

function refused(kind: string | null, reason: string) {
  return data({ kind, ticket: null, outcome: "refused" as const, reason: reasonWords(reason) }, { status: 422 });
}

export const clientAction = sendOrKeep;

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function Destinations() {
  const shown = useLoaderData<typeof loader>();
  const answered = useAnswer<typeof action>();
  if (shown.outcome === "unknown_shop") return <UnknownShop />;
  const { destinations, byPermission, back } = shown;
  return <DestinationsPage destinations={destinations} byPermission={byPermission} back={back} answered={answered} />;
}
