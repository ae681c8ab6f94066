import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { z } from "zod";
import {
  type RecommendationsAnswered,
  RecommendationsPage,
} from "../components/recommendations/recommendations-page.tsx";
import { recommendationsView, type RecommendationsView } from "../components/recommendations/recommendations-view.ts";
import { UnknownShop } from "../components/unknown-shop.tsx";
import { createFormat, localeOf } from "../platform/format.ts";
import { liftOf } from "../recommendation/holdout/lift.ts";
import { rulesSchema } from "../recommendation/rules.ts";
import { settingsSchema } from "../recommendation/settings.ts";
import { t, type Text } from "../texts/text.ts";

type Answer = { outcome: "found"; view: RecommendationsView } | { outcome: "unknown_shop" };

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const found = await context.recommendations.report(session.shop);
  if (found.outcome === "unknown_shop") return data<Answer>(found, { status: 404 });
  const locale = localeOf(request);
  const format = createFormat({ locale, timeZone: found.shop.timeZone });
  const { apiKey } = context.shopify.embedding;
  return data<Answer>({ outcome: "found", view: recommendationsView(found, format, { liftOf, apiKey }) });
}

const percent = z.coerce.number().transform((value) => value / 100);
const settingsForm = z.object({
  product: z.string(),
  home: z.string(),
  collection: z.string(),
  threshold: percent,
  exploration: percent,
  holdout: percent,
});

function readSettingsForm(form: unknown) {
  const typed = settingsForm.safeParse(form);
  if (!typed.success) return typed;
  const { product, home, collection, threshold, exploration, holdout } = typed.data;
  const strategies = { product, home, collection };
  return settingsSchema.safeParse({ strategies, threshold, explorationShare: exploration, holdoutShare: holdout });
}

/** What is wrong with a field, in words a merchant can act on. */
const ADVICE: Record<string, Text> = {
  slots: "A list has 1 to 24 products.",
  perVendor: "At least one product of a vendor has to be allowed.",
  perType: "At least one product of a type has to be allowed.",
  priceFrom: "A price is a number, 0 or more.",
  priceTo: "A price is a number, 0 or more.",
  threshold: "The confidence is from 50 to 99 %.",
  explorationShare: "New products are tried out in 0 to 10 % of the places.",
  holdoutShare: "0 to 50 % of the people can be held out.",
};

function refusal(what: "rules" | "settings", error: z.ZodError): RecommendationsAnswered {
  const advice = ADVICE[String(error.issues[0]?.path[0])] ?? "The form was incomplete. Reload the page and try again.";
  return { outcome: "refused", what, reason: t(advice) };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { shop, by } = await context.shopify.staff(request);
  const form = Object.fromEntries(await request.formData());
  if (form["intent"] === "settings") {
    const settings = readSettingsForm(form);
    if (!settings.success) return data(refusal("settings", settings.error), { status: 422 });
    const saved = await context.recommendations.saveSettings(shop, settings.data, by);
    return data<RecommendationsAnswered>(saved.outcome === "saved" ? { ...saved, what: "settings" } : saved);
  }
  const rules = rulesSchema.safeParse(parse(form["rules"]));
  if (!rules.success) return data(refusal("rules", rules.error), { status: 422 });
  const { priceFrom, priceTo } = rules.data;
  if (priceFrom !== null && priceTo !== null && priceFrom > priceTo) {
    const reason = t("The price to is below the price from: no product could be shown.");
    return data<RecommendationsAnswered>({ outcome: "refused", what: "rules", reason }, { status: 422 });
  }
  const saved = await context.recommendations.saveRules(shop, rules.data, by);
  return data<RecommendationsAnswered>(saved.outcome === "saved" ? { ...saved, what: "rules" } : saved);
}

function parse(text: FormDataEntryValue | undefined): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function Recommendations() {
  const shown = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  if (shown.outcome === "unknown_shop") return <UnknownShop />;
  return <RecommendationsPage view={shown.view} answered={answered} />;
}
