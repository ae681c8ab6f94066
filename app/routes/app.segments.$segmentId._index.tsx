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
import { MissingPage } from "../components/missing-page.tsx";
import { SegmentEditor } from "../components/segments/segment-editor.tsx";
import { beginningView, editorView, type EditorView } from "../components/segments/editor-view.ts";
import { sendOrKeep } from "../components/send-or-keep.ts";
import { UnknownShop } from "../components/unknown-shop.tsx";
import { useAnswer } from "../components/use-answer.ts";
import type { PublishAnswer } from "../jobs/publish-answer.ts";
import type { RemovalAnswer } from "../jobs/segment-removal.server.ts";
import { createFormat, localeOf } from "../platform/format.ts";
import { library } from "../segment/library.ts";
import { t } from "../texts/text.ts";

type Answer = { outcome: "found"; view: EditorView } | { outcome: "unknown_shop" } | { outcome: "unknown_segment" };

/** `new` is a segment that is not there yet, begun from the library with `?from=`, or with a rule in `?text=`. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const format = (timeZone: string) => createFormat({ locale: localeOf(request), timeZone });
  const vocabulary = await context.segments.vocabulary(session.shop);
  if (params["segmentId"] === "new") {
    const { searchParams } = new URL(request.url);
    const text = searchParams.get("text");
    const from = text === null ? library.find(({ key }) => key === searchParams.get("from")) : { text };
    const view = beginningView(await context.segments.clocks(session.shop), vocabulary, from);
    return data<Answer>({ outcome: "found", view });
  }
  const found = await context.segments.open(session.shop, params["segmentId"] ?? "");
  if (found.outcome !== "found") return data<Answer>(found, { status: 404 });
  return data<Answer>({ outcome: "found", view: editorView(found, vocabulary, format(found.shop.timeZone)) });
}

const form = z.object({
  intent: z.enum(["draft", "discard", "publish", "schedule", "unschedule", "remove", "reviewed"]),
  kind: z.enum(["drift", "nobody", "everybody", "gone"]).optional(),
  subject: z.string().max(40_000).optional(),
  lists: z.enum(["kept", "emptied"]).optional(),
  exits: z.enum(["silent", "announced"]).default("silent"),
  segmentId: z.coerce.number().int().nonnegative(),
  name: z.string().max(200).default(""),
  text: z.string().max(30_000).default(""),
  message: z.string().max(1_000).default(""),
  version: z.coerce.number().int().nonnegative().default(0),
  confirmed: z.coerce.number().int().nonnegative().default(0),
  announced: z.literal("on").optional(),
  date: z.string().max(20).default(""),
  time: z.string().max(20).default(""),
  untilDate: z.string().max(20).optional(),
  untilTime: z.string().max(20).default(""),
});

export async function action({ request, context }: ActionFunctionArgs) {
  const { shop, by: author } = await context.shopify.staff(request);
  const parsed = form.safeParse(Object.fromEntries(await request.formData()));
  if (!parsed.success) {
    return answer({ outcome: "refused", reason: t("The form was incomplete. Load the page again.") });
  }
  const { intent, segmentId, name, text, message, version, confirmed, lists, exits } = parsed.data;
  if (intent === "discard") {
    await context.segments.discardDraft(shop, segmentId);
    return answer({ outcome: "unchanged", segmentId });
  }
  if (intent === "reviewed") {
    const { kind, subject } = parsed.data;
    if (kind && subject) await context.segments.review(shop, segmentId, { kind, subject });
    return answer({ outcome: "unchanged", segmentId });
  }
  if (intent === "unschedule") {
    await context.segments.unschedule(shop, segmentId, author);
    return answer({ outcome: "unchanged", segmentId });
  }
  if (intent === "draft") return answer(await context.segments.saveDraft(shop, segmentId, { text, author }));
  if (intent === "remove") {
    if (!lists) return answer({ outcome: "refused", reason: t("Say first what is to become of its lists.") });
    const removed = await context.segments.remove(shop, segmentId, { lists, exits, author });
    return removed.outcome === "done" ? redirect("/app/segments") : answer(removed);
  }
  const said = { name, text, author, message, version, confirmed, announced: parsed.data.announced === "on" };
  const given = { ...said, segmentId: segmentId === 0 ? null : segmentId };
  const { date, time, untilDate, untilTime } = parsed.data;
  const until = untilDate === undefined ? null : { date: untilDate, time: untilTime };
  const published =
    intent === "schedule"
      ? await context.segments.schedule(shop, { ...given, date, time, until })
      : await context.segments.publish(shop, { ...given, until });
  const made = published.outcome === "published" || published.outcome === "scheduled";
  if (made && segmentId === 0) return redirect(`/app/segments/${published.segmentId}`);
  return answer(published);
}

function answer(given: PublishAnswer | RemovalAnswer) {
  return data(given, { status: given.outcome === "refused" ? 422 : 200 });
}

/** What is asked while a rule is written changes nothing that this page has loaded. */
export const shouldRevalidate: ShouldRevalidateFunction = ({ formAction, defaultShouldRevalidate }) =>
  /^\/app\/segments\/(preview|translate)/.test(formAction ?? "") ? false : defaultShouldRevalidate;

export const clientAction = sendOrKeep;

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function Segment() {
  const shown = useLoaderData<typeof loader>();
  const answered = useAnswer<typeof action>();
  if (shown.outcome === "unknown_shop") return <UnknownShop />;
  if (shown.outcome === "unknown_segment") {
    return (
      <MissingPage
        title={t("There is no such segment")}
        sentence={t(
          "It may have been removed, and can then be restored from the list of segments; or the link is mistyped.",
        )}
        wayOut={{ content: t("All segments"), url: "/app/segments" }}
      />
    );
  }
  // Another segment begins with a fresh editor, and so does another beginning of a new one; a version that somebody else publishes takes nothing of what is being written.
  const { id, text } = shown.view;
  return <SegmentEditor key={id === 0 ? `new ${text}` : id} view={shown.view} answered={answered} />;
}
