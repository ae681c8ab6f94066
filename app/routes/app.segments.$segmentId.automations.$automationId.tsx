import {
  type ActionFunctionArgs,
  data,
  type HeadersFunction,
  type LoaderFunctionArgs,
  redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { z } from "zod";
import { AutomationPage } from "../components/automations/automation-page.tsx";
import { automationView, type AutomationView } from "../components/automations/automation-view.ts";
import { MissingPage } from "../components/missing-page.tsx";
import { sendOrKeep } from "../components/send-or-keep.ts";
import { useAnswer } from "../components/use-answer.ts";
import type { AutomationAdmin, AutomationAnswer } from "../jobs/automation-admin.server.ts";
import { createFormat, localeOf } from "../platform/format.ts";
import { t } from "../texts/text.ts";

type Answer = { outcome: "found"; view: AutomationView } | { outcome: "gone"; list: string } | { outcome: "unknown" };

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const { segmentId = "", automationId = "" } = params;
  const found = await context.automations.openOne(session.shop, segmentId, automationId);
  if (found.outcome === "unknown") return data<Answer>(found, { status: 404 });
  if (found.outcome === "gone") {
    return data<Answer>({ ...found, list: `/app/segments/${segmentId}/automations` }, { status: 404 });
  }
  const locale = localeOf(request);
  const format = createFormat({ locale, timeZone: found.shop.timeZone });
  return data<Answer>({ outcome: "found", view: automationView(found, format) });
}

const id = z.coerce.number().int().positive().max(2_147_483_647);
const ticked = z.string().transform((value) => value === "on");
const form = z.discriminatedUnion("intent", [
  z.object({
    intent: z.literal("save"),
    kind: z.enum(["webhook", "customer_tag", "flow_trigger"]),
    name: z.string().max(200),
    url: z.string().max(2_000),
    tag: z.string().max(200),
    onEntry: ticked,
    onExit: ticked,
    present: ticked,
  }),
  z.object({ intent: z.literal("test"), change: z.enum(["entered", "left"]), customer: z.string().max(100) }),
  z.object({ intent: z.literal("remove"), tags: z.enum(["kept", "taken"]) }),
  z.object({ intent: z.enum(["pause", "resume", "rotate"]) }),
]);

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { shop, by } = await context.shopify.staff(request);
  const parsed = form.safeParse(Object.fromEntries(await request.formData()));
  const segmentId = id.safeParse(params["segmentId"]);
  const isNew = params["automationId"] === "new";
  const automationId = id.safeParse(params["automationId"]);
  if (!parsed.success || !segmentId.success || (!isNew && !automationId.success)) {
    const reason = t("The form was incomplete. Load the page again.");
    return data<AutomationAnswer>({ outcome: "refused", field: null, reason }, { status: 422 });
  }
  const place = { segmentId: segmentId.data, id: automationId.data ?? null };
  const answer = await carryOut(context.automations, { shop, by }, place, parsed.data);
  const list = `/app/segments/${place.segmentId}/automations`;
  if (parsed.data.intent === "remove" && answer.outcome === "done") return redirect(list);
  // What has no secret to show goes on to its own page.
  if (isNew && answer.outcome === "saved" && answer.secret === null) return redirect(`${list}/${answer.id}`);
  return data(answer, { status: answer.outcome === "refused" ? 422 : 200 });
}

function carryOut(
  automations: AutomationAdmin,
  { shop, by }: { shop: string; by: string },
  place: { segmentId: number; id: number | null },
  asked: z.infer<typeof form>,
): Promise<AutomationAnswer> {
  const automationId = place.id ?? 0;
  switch (asked.intent) {
    case "save":
      return automations.save(shop, { ...asked, ...place }, by);
    case "test":
      return automations.test(shop, { id: automationId, change: asked.change, customer: asked.customer });
    case "remove":
      return automations.remove(shop, automationId, asked.tags, by);
    case "pause":
    case "resume":
    case "rotate":
      return automations[asked.intent](shop, automationId, by);
  }
}

export const clientAction = sendOrKeep;

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function OneAutomation() {
  const shown = useLoaderData<typeof loader>();
  const answered = useAnswer<typeof action>();
  switch (shown.outcome) {
    case "unknown":
      return (
        <MissingPage
          title={t("There is no such segment")}
          sentence={t(
            "It may have been removed, and can then be restored from the list of segments; or the link is mistyped.",
          )}
          wayOut={{ content: t("All segments"), url: "/app/segments" }}
        />
      );
    case "gone":
      return (
        <MissingPage
          title={t("This automation is not there any more")}
          sentence={t("It was deleted, or the link is mistyped.")}
          wayOut={{ content: t("Automations of the segment"), url: shown.list }}
        />
      );
    case "found":
      return <AutomationPage key={shown.view.id} view={shown.view} answered={answered} />;
  }
}
