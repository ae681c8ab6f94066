import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { z } from "zod";
import { ApiKeysPage, type KeyAnswered } from "../components/api-keys/api-keys-page.tsx";
import { apiKeysView, type KeyView } from "../components/api-keys/api-keys-view.ts";
import { isPhone } from "../components/is-phone.ts";
import { sendOrKeep } from "../components/send-or-keep.ts";
import { UnknownShop } from "../components/unknown-shop.tsx";
import { useAnswer } from "../components/use-answer.ts";
import type { AdminActions } from "../jobs/admin-actions.server.ts";
import { createFormat, localeOf } from "../platform/format.ts";
import { t } from "../texts/text.ts";

type Answer = { outcome: "found"; keys: KeyView[]; phone: boolean } | { outcome: "unknown_shop" };

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const answer = await context.muster.apiKeys(session.shop);
  if (answer.outcome === "unknown_shop") return data<Answer>(answer, { status: 404 });
  const locale = localeOf(request);
  const format = createFormat({ locale, timeZone: answer.shop.timeZone });
  return data<Answer>({ outcome: "found", keys: apiKeysView(answer, format), phone: isPhone(request) });
}

const form = z.discriminatedUnion("intent", [
  z.object({
    intent: z.literal("create"),
    name: z
      .string()
      .trim()
      .min(1, { error: () => t("Say which system will use it.") })
      .max(100, { error: () => t("A name has at most {count} characters.", { count: 100 }) }),
    scopes: z
      .array(z.enum(["events:write", "profiles:write"]))
      .min(1, { error: () => t("Choose what the key may do.") }),
  }),
  z.object({ intent: z.literal("revoke"), id: z.coerce.number().int().positive().max(2_147_483_647) }),
]);

export async function action({ request, context }: ActionFunctionArgs) {
  const { shop, by } = await context.shopify.staff(request);
  const given = await request.formData();
  const parsed = form.safeParse({ ...Object.fromEntries(given), scopes: given.getAll("scopes") });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path[0] === "scopes" ? "scopes" : "name";
    const reason = issue?.message ?? t("The form was incomplete.");
    return data<KeyAnswered>({ outcome: "refused", field, reason }, { status: 422 });
  }
  const answer = await carryOut(context.actions, { shop, by }, parsed.data);
  return data<KeyAnswered>(answer, { status: answer.outcome.startsWith("unknown") ? 404 : 200 });
}

async function carryOut(
  actions: AdminActions,
  { shop, by }: { shop: string; by: string },
  asked: z.infer<typeof form>,
): Promise<KeyAnswered> {
  if (asked.intent === "revoke") return actions.revokeApiKey(shop, asked.id, by);
  const made = await actions.createApiKey(shop, asked, by);
  return made.outcome === "created" ? { ...made, name: asked.name } : made;
}

export const clientAction = sendOrKeep;

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function ApiKeys() {
  const shown = useLoaderData<typeof loader>();
  const answered = useAnswer<typeof action>();
  if (shown.outcome === "unknown_shop") return <UnknownShop />;
  return <ApiKeysPage keys={shown.keys} answered={answered} phone={shown.phone} />;
}
