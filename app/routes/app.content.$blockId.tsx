import {
  type ActionFunctionArgs,
  data,
  type HeadersFunction,
  type LoaderFunctionArgs,
  redirect,
} from "@remix-run/node";
import { type ShouldRevalidateFunction, useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { z } from "zod";
import { BlockEditor } from "../components/content/block-editor.tsx";
import { blockEditorView, type BlockEditorView } from "../components/content/content-view.ts";
import { MissingPage } from "../components/missing-page.tsx";
import { sendOrKeep } from "../components/send-or-keep.ts";
import { UnknownShop } from "../components/unknown-shop.tsx";
import { useAnswer } from "../components/use-answer.ts";
import { fallbacksSchema, MOST_SOURCE } from "../content/limits.ts";
import type { BlockSaved, ContentAdmin } from "../jobs/content-admin.server.ts";
import { createFormat, localeOf } from "../platform/format.ts";
import { t } from "../texts/text.ts";

type Answer = { outcome: "found"; view: BlockEditorView } | { outcome: "unknown_shop" | "unknown_block" };

/** `new` is a block that is not there yet. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const format = (timeZone: string) => createFormat({ locale: localeOf(request), timeZone });
  const names = await context.content.names(session.shop);
  if (params["blockId"] === "new") {
    return data<Answer>({ outcome: "found", view: blockEditorView(null, names, format("UTC")) });
  }
  const found = await context.content.open(session.shop, params["blockId"] ?? "");
  if (found.outcome !== "found") return data<Answer>(found, { status: 404 });
  return data<Answer>({ outcome: "found", view: blockEditorView(found, names, format(found.shop.timeZone)) });
}

const form = z.object({
  intent: z.enum(["create", "draft", "discard", "publish", "delete"]),
  name: z.string().max(100).default(""),
  handle: z.string().max(63).default(""),
  place: z.enum(["storefront", "email"]).default("storefront"),
  source: z
    .string()
    .max(MOST_SOURCE, { error: () => t("A block has at most {count} characters.", { count: MOST_SOURCE }) })
    .default(""),
  fallbacks: fallbacksSchema,
  message: z.string().max(500).default(""),
  over: z.coerce.number().int().nonnegative().default(0),
});

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { shop, by: author } = await context.shopify.staff(request);
  const parsed = form.safeParse(Object.fromEntries(await request.formData()));
  if (!parsed.success) {
    return answer({ outcome: "refused", reason: parsed.error.issues[0]?.message ?? t("The form was incomplete.") });
  }
  const saved = await carryOut(context.content, shop, Number(params["blockId"]) || 0, parsed.data, author);
  if (saved.outcome === "created") return redirect(`/app/content/${saved.blockId}`);
  if (saved.outcome === "deleted") return redirect("/app/content");
  return answer(saved);
}

function carryOut(
  content: ContentAdmin,
  shop: string,
  blockId: number,
  { intent, name, handle, place, source, fallbacks, message, over }: z.infer<typeof form>,
  author: string,
): Promise<BlockSaved> {
  const given = { name, source, fallbacks, author };
  switch (intent) {
    case "create":
      return content.create(shop, { ...given, handle, place });
    case "draft":
      return content.saveDraft(shop, blockId, given);
    case "discard":
      return content.discardDraft(shop, blockId);
    case "publish":
      return content.publish(shop, blockId, { ...given, message, over });
    case "delete":
      return content.remove(shop, blockId);
  }
}

function answer(given: BlockSaved) {
  return data(given, { status: given.outcome === "refused" ? 422 : 200 });
}

/** A preview changes nothing that this page has loaded. */
export const shouldRevalidate: ShouldRevalidateFunction = ({ formAction, defaultShouldRevalidate }) =>
  formAction?.startsWith("/app/content/preview") ? false : defaultShouldRevalidate;

export const clientAction = sendOrKeep;

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function Block() {
  const shown = useLoaderData<typeof loader>();
  const answered = useAnswer<typeof action>();
  switch (shown.outcome) {
    case "unknown_shop":
      return <UnknownShop />;
    case "unknown_block":
      return (
        <MissingPage
          title={t("There is no such block")}
          sentence={t("It may have been deleted; then it can be brought back from the list.")}
          wayOut={{ content: t("All content"), url: "/app/content" }}
        />
      );
    case "found":
      // Another block begins with a fresh editor; what somebody else publishes takes nothing of what is being written.
      return <BlockEditor key={shown.view.id} view={shown.view} answered={answered} />;
  }
}
