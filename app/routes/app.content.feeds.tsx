import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { z } from "zod";
import { type FeedAnswered, FeedsPage, type FeedView } from "../components/content/feeds-page.tsx";
import { isPhone } from "../components/is-phone.ts";
import { sendOrKeep } from "../components/send-or-keep.ts";
import { UnknownShop } from "../components/unknown-shop.tsx";
import { useAnswer } from "../components/use-answer.ts";
import { createFormat, localeOf } from "../platform/format.ts";
import { t } from "../texts/text.ts";

type Answer = { outcome: "found"; feeds: FeedView[]; phone: boolean } | { outcome: "unknown_shop" };

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const found = await context.content.feeds(session.shop);
  if (found.outcome === "unknown_shop") return data<Answer>(found, { status: 404 });
  const { shop, now } = found;
  const locale = localeOf(request);
  const { relative } = createFormat({ locale, timeZone: shop.timeZone });
  const feeds = found.feeds.map(({ id, name, address, createdAt, lastUsedAt, revokedAt }) => ({
    id,
    name,
    address: revokedAt ? null : address,
    about: revokedAt
      ? t("Revoked {when}", { when: relative(revokedAt, now) })
      : lastUsedAt
        ? t("Made {when}, last used {used}", { when: relative(createdAt, now), used: relative(lastUsedAt, now) })
        : t("Made {when}, never used", { when: relative(createdAt, now) }),
  }));
  return data<Answer>({ outcome: "found", feeds, phone: isPhone(request) });
}

const id = z.coerce.number().int().positive().max(2_147_483_647);
const form = z.discriminatedUnion("intent", [
  z.object({
    intent: z.literal("create"),
    name: z
      .string()
      .trim()
      .min(1, { error: () => t("Say which tool will use it.") })
      .max(100),
  }),
  z.object({ intent: z.literal("revoke"), id }),
  z.object({ intent: z.literal("address"), id, customer: z.string().trim().max(20) }),
]);

export async function action({ request, context }: ActionFunctionArgs) {
  const { shop, by } = await context.shopify.staff(request);
  const parsed = form.safeParse(Object.fromEntries(await request.formData()));
  if (!parsed.success) {
    const reason = parsed.error.issues[0]?.message ?? t("The form was incomplete.");
    return data<FeedAnswered>({ outcome: "refused", reason }, { status: 422 });
  }
  const asked = parsed.data;
  switch (asked.intent) {
    case "create":
      return data<FeedAnswered>(await context.content.createFeed(shop, asked.name, by));
    case "revoke":
      return data<FeedAnswered>(await context.content.revokeFeed(shop, asked.id, by));
    case "address":
      return data<FeedAnswered>(await context.content.feedAddress(shop, asked.id, asked.customer));
  }
}

export const clientAction = sendOrKeep;

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function Feeds() {
  const shown = useLoaderData<typeof loader>();
  const answered = useAnswer<typeof action>();
  if (shown.outcome === "unknown_shop") return <UnknownShop />;
  return <FeedsPage feeds={shown.feeds} answered={answered} phone={shown.phone} />;
}
