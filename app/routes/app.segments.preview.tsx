import { type ActionFunctionArgs, data, type HeadersFunction } from "@remix-run/node";
import { boundary } from "@shopify/shopify-app-remix/server";
import { askInPassing } from "../components/ask-in-passing.ts";
import type { Asked } from "../components/segments/asked.ts";
import { backtestView, enteredView } from "../components/segments/backtest-view.ts";
import { previewView } from "../components/segments/preview-view.ts";
import { createFormat, localeOf } from "../platform/format.ts";

/**
 * How many a rule is true for now, who would enter and who would leave. With `days`, what is kept of its size over that many days, and
 * of a second `text` beside it: `begin` has it worked out, `cancel` ends that. With `at`, who would have entered in the day before that.
 */
export async function action({ request, context }: ActionFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const { timeZone } = await context.segments.clocks(session.shop);
  const format = createFormat({ locale: localeOf(request), timeZone });
  const form = await request.formData();
  const texts = form.getAll("text").map(String);
  const [text = ""] = texts;
  const at = form.get("at");
  if (at !== null) {
    const after = form.get("after");
    const asked = { text, at: new Date(String(at)), after: after === null ? null : String(after) };
    return data<Asked>({ kind: "entered", ...enteredView(await context.segments.entered(session.shop, asked)) });
  }
  const days = Number(form.get("days"));
  const segmentId = Number(form.get("segmentId")) || null;
  if (days > 0) {
    const { shop } = session;
    const asked = { segmentId, texts, days };
    const cancelled = form.get("cancel");
    if (cancelled !== null) await context.segments.cancelBacktest(shop, String(cancelled));
    const answer = await (form.has("begin")
      ? context.segments.beginBacktest(shop, asked)
      : context.segments.backtest(shop, asked));
    return data<Asked>({ kind: "backtest", ...backtestView(answer, format) });
  }
  const answer = await context.segments.preview(session.shop, { text, segmentId });
  return data<Asked>({ kind: "preview", of: text, ...previewView(answer, format) });
}

export const clientAction = askInPassing;

export const headers: HeadersFunction = (args) => boundary.headers(args);
