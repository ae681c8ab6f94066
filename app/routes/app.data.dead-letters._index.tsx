import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { z } from "zod";
import { DeadLettersPage } from "../components/data/dead-letters-page.tsx";
import { type DeadLettersView, deadLettersView } from "../components/data/dead-letters-view.ts";
import { sendOrKeep } from "../components/send-or-keep.ts";
import { isPhone } from "../components/is-phone.ts";
import { UnknownShop } from "../components/unknown-shop.tsx";
import { createFormat, localeOf } from "../platform/format.ts";
import { readIdWindow } from "../platform/id-window.ts";

type Answer = { outcome: "found"; view: DeadLettersView; phone: boolean } | { outcome: "unknown_shop" };

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const answer = await context.muster.deadLetters(session.shop, readIdWindow(new URL(request.url).searchParams));
  if (answer.outcome === "unknown_shop") return data<Answer>(answer, { status: 404 });
  const locale = localeOf(request);
  const format = createFormat({ locale, timeZone: answer.shop.timeZone });
  return data<Answer>({ outcome: "found", view: deadLettersView(answer, format), phone: isPhone(request) });
}

const id = z.string().regex(/^[1-9]\d{0,17}$/);
const form = z.union([
  z.object({ decision: z.literal("replay"), id: z.union([id, z.literal("all")]) }),
  z.object({ decision: z.literal("discard"), id }),
]);

export async function action({ request, context }: ActionFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const parsed = form.safeParse(Object.fromEntries(await request.formData()));
  if (!parsed.success) return data({ outcome: "unknown_request" as const }, { status: 422 });
  const { data: asked } = parsed;
  return asked.decision === "replay"
    ? context.actions.replayDeadLetters(session.shop, asked.id)
    : context.actions.discardDeadLetter(session.shop, asked.id);
}

export const clientAction = sendOrKeep;

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function DeadLetters() {
  const shown = useLoaderData<typeof loader>();
  return shown.outcome === "found" ? <DeadLettersPage view={shown.view} phone={shown.phone} /> : <UnknownShop />;
}
