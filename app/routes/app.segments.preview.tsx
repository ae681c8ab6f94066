import { type ActionFunctionArgs, data, type HeadersFunction } from "@remix-run/node";
import { boundary } from "@shopify/shopify-app-remix/server";
import type { Asked } from "../components/segments/asked.ts";
import { backtestView } from "../components/segments/backtest-view.ts";
import { previewView } from "../components/segments/preview-view.ts";
import { createFormat, readLocale } from "../platform/format.ts";

/** How many a rule is true for now, who would enter and who would leave; with `days`, its size over that many days. */
export async function action({ request, context }: ActionFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const format = createFormat({ locale: readLocale(request.headers.get("Accept-Language")), timeZone: "UTC" });
  const form = await request.formData();
  const text = String(form.get("text") ?? "");
  const segmentId = Number(form.get("segmentId")) || null;
  const days = Number(form.get("days"));
  if (days > 0) {
    const answer = await context.segments.backtest(session.shop, { text, days });
    return data<Asked>({ kind: "backtest", ...backtestView(answer, format) });
  }
  const answer = await context.segments.preview(session.shop, { text, segmentId });
  return data<Asked>({ kind: "preview", ...previewView(answer, format) });
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
