import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { z } from "zod";
import {
  type RecommendationsAnswered,
  RecommendationsPage,
} from "../components/recommendations/recommendations-page.tsx";
import { recommendationsView, type RecommendationsView } from "../components/recommendations/recommendations-view.ts";
import { adviceOn, readRules } from "../components/recommendations/rules-advice.ts";
import { sendOrKeep } from "../components/send-or-keep.ts";
import { UnknownShop } from "../components/unknown-shop.tsx";
import { useAnswer } from "../components/use-answer.ts";
import { createFormat, localeOf } from "../platform/format.ts";
import { liftOf } from "../recommendation/holdout/lift.ts";
import { settingsSchema } from "../recommendation/settings.ts";

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

function refusal(what: "rules" | "settings", error: z.ZodError): RecommendationsAnswered {
  return { outcome: "refused", what, reason: adviceOn(error) };
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
  const rules = readRules(form["rules"]);
  if (rules.outcome === "refused") {
    return data<RecommendationsAnswered>({ ...rules, what: "rules" }, { status: 422 });
  }
  const saved = await context.recommendations.saveRules(shop, rules.rules, by);
  return data<RecommendationsAnswered>(saved.outcome === "saved" ? { ...saved, what: "rules" } : saved);
}

export const clientAction = sendOrKeep;

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function Recommendations() {
  const shown = useLoaderData<typeof loader>();
  const answered = useAnswer<typeof action>();
  if (shown.outcome === "unknown_shop") return <UnknownShop />;
  return <RecommendationsPage view={shown.view} answered={answered} />;
}
