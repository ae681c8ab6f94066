import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { z } from "zod";
import { AutomationsPage } from "../components/automations/automations-page.tsx";
import { automationsView, type AutomationsView } from "../components/automations/automations-view.ts";
import { isPhone } from "../components/is-phone.ts";
import { MissingPage } from "../components/missing-page.tsx";
import { sendOrKeep } from "../components/send-or-keep.ts";
import { useAnswer } from "../components/use-answer.ts";
import type { AutomationAdmin, AutomationAnswer } from "../jobs/automation-admin.server.ts";
import { createFormat, localeOf } from "../platform/format.ts";
import { readIdWindow } from "../platform/id-window.ts";
import { t } from "../texts/text.ts";

type Answer = { outcome: "found"; view: AutomationsView; phone: boolean } | { outcome: "unknown" };

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const search = new URL(request.url).searchParams;
  const asked = {
    customer: (search.get("customer") ?? "").trim().slice(0, 40),
    state: (search.get("state") ?? "").slice(0, 20),
  };
  const window = readIdWindow(search);
  const found = await context.automations.open(session.shop, params["segmentId"] ?? "", { ...asked, window });
  if (found.outcome === "unknown") return data<Answer>(found, { status: 404 });
  const locale = localeOf(request);
  const format = createFormat({ locale, timeZone: found.shop.timeZone });
  return data<Answer>({ outcome: "found", view: automationsView(found, asked, format), phone: isPhone(request) });
}

const id = z.coerce.number().int().positive().max(2_147_483_647);
const form = z.discriminatedUnion("intent", [
  z.object({ intent: z.enum(["pause", "resume"]), id }),
  z.object({ intent: z.literal("replay"), runId: z.string().regex(/^\d{1,18}$/) }),
  z.object({ intent: z.literal("replay_failed") }),
]);

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { shop, by } = await context.shopify.staff(request);
  const parsed = form.safeParse(Object.fromEntries(await request.formData()));
  const segmentId = id.safeParse(params["segmentId"]);
  if (!parsed.success || !segmentId.success) {
    const reason = t("The form was incomplete. Load the page again.");
    return data<AutomationAnswer>({ outcome: "refused", field: null, reason }, { status: 422 });
  }
  const answer = await carryOut(context.automations, { shop, by }, segmentId.data, parsed.data);
  return data(answer, { status: answer.outcome === "refused" ? 422 : 200 });
}

function carryOut(
  automations: AutomationAdmin,
  { shop, by }: { shop: string; by: string },
  segmentId: number,
  asked: z.infer<typeof form>,
): Promise<AutomationAnswer> {
  switch (asked.intent) {
    case "pause":
      return automations.pause(shop, asked.id, by);
    case "resume":
      return automations.resume(shop, asked.id, by);
    case "replay":
      return automations.replay(shop, asked.runId);
    case "replay_failed":
      return automations.replayFailed(shop, segmentId);
  }
}

export const clientAction = sendOrKeep;

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function Automations() {
  const shown = useLoaderData<typeof loader>();
  const answered = useAnswer<typeof action>();
  if (shown.outcome === "unknown") {
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
  const { customer, state } = shown.view.asked;
  return <AutomationsPage key={`${state} ${customer}`} view={shown.view} answered={answered} phone={shown.phone} />;
}
