import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { z } from "zod";
import { ConnectionPage } from "../components/destinations/connection-page.tsx";
import { type ConnectionView, connectionView } from "../components/destinations/connection-view.ts";
import type { Happened } from "../components/destinations/happened.ts";
import { MissingPage } from "../components/missing-page.tsx";
import { sendOrKeep } from "../components/send-or-keep.ts";
import { UnknownShop } from "../components/unknown-shop.tsx";
import { useAnswer } from "../components/use-answer.ts";
import type { DestinationAdmin } from "../jobs/destination-admin.server.ts";
import { createFormat, localeOf } from "../platform/format.ts";
import { t, told } from "../texts/text.ts";

type Answer = { outcome: "found"; view: ConnectionView } | { outcome: "unknown_shop" | "gone" };

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const answer = await context.connections.open(session.shop, params["destinationId"] ?? "");
  if (answer.outcome !== "found") return data<Answer>(answer, { status: 404 });
  const locale = localeOf(request);
  const format = createFormat({ locale, timeZone: answer.shop.timeZone });
  return data<Answer>({ outcome: "found", view: connectionView(answer, format) });
}

const id = z.coerce.number().int().positive().max(2_147_483_647);
const how = z.enum(["keep", "empty", "delete"]);
const form = z.discriminatedUnion("intent", [
  z.object({
    intent: z.literal("choose"),
    segmentId: id,
    remoteId: z.string().max(100).optional(),
    nonSubscribed: z.literal("on").optional(),
    guard: z
      .union([
        z.literal(""),
        z.coerce
          .number("The share is a number.")
          .min(1, "The share is 1 to 100 per cent.")
          .max(100, "The share is 1 to 100 per cent."),
      ])
      .default(""),
    traits: z.array(z.string()),
  }),
  z.object({ intent: z.literal("start"), audienceId: id, warmUp: z.literal("on").optional() }),
  z.object({ intent: z.literal("confirm"), audienceId: id }),
  z.object({ intent: z.literal("renew"), audienceId: id }),
  z.object({ intent: z.literal("compare"), audienceId: id }),
  z.object({ intent: z.literal("leave"), audienceId: id, how }),
  z.object({ intent: z.literal("every"), every: z.enum(["on", "off"]) }),
  z.object({ intent: z.literal("events"), on: z.enum(["on", "off"]) }),
  z.object({
    intent: z.literal("consentSync"),
    on: z.enum(["on", "off"]),
    agreed: z.enum(["yes", "no"]).default("no"),
  }),
  z.object({ intent: z.literal("disconnect"), how }),
  z.object({ intent: z.literal("sample"), address: z.string().trim().max(254) }),
  z.object({ intent: z.literal("existing") }),
  z.object({ intent: z.literal("rotate") }),
]);

export async function action({ request, context, params }: ActionFunctionArgs) {
  const { shop, by } = await context.shopify.staff(request);
  const given = await request.formData();
  const about = Number(given.get("segmentId") ?? 0);
  const parsed = form.safeParse({ ...Object.fromEntries(given), traits: given.getAll("traits") });
  if (!parsed.success) {
    const reason = told(parsed.error.issues[0]?.message ?? "The form was incomplete.");
    return data<Happened>({ outcome: "refused", reason, about }, { status: 422 });
  }
  const answer = await carryOut(context.connections, { shop, by }, params["destinationId"] ?? "", parsed.data, given);
  const status =
    answer.outcome === "refused" ? 422 : answer.outcome === "gone" || answer.outcome === "unknown_shop" ? 404 : 200;
  return data<Happened>({ ...answer, about }, { status });
}

async function carryOut(
  connections: DestinationAdmin,
  { shop, by }: { shop: string; by: string },
  destinationId: string,
  asked: z.infer<typeof form>,
  given: FormData,
) {
  switch (asked.intent) {
    case "choose":
      return connections.choose(
        shop,
        { destinationId, segmentId: asked.segmentId },
        {
          remoteId: asked.remoteId || null,
          nonSubscribed: asked.nonSubscribed === "on",
          guardShare: asked.guard === "" ? null : asked.guard / 100,
          traits: asked.traits.map((trait) => ({ trait, field: String(given.get(`field-${trait}`) ?? "").trim() })),
        },
        by,
      );
    case "start":
      return connections.start(shop, asked.audienceId, asked.warmUp === "on", by);
    case "confirm":
      return connections.confirm(shop, asked.audienceId, by);
    case "renew":
      return connections.renew(shop, asked.audienceId, by);
    case "compare":
      return connections.compare(shop, asked.audienceId);
    case "leave":
      return connections.leave(shop, asked.audienceId, asked.how, by);
    case "every":
      return connections.everySegment(shop, destinationId, asked.every === "on", by);
    case "events":
      return connections.sendEvents(shop, destinationId, asked.on === "on", by);
    case "consentSync":
      return connections.consentSync(
        shop,
        destinationId,
        { on: asked.on === "on", agreed: asked.agreed === "yes" },
        by,
      );
    case "disconnect":
      return connections.disconnect(shop, destinationId, asked.how, by);
    case "sample":
      return connections.sample(shop, destinationId, asked.address);
    case "rotate":
      return connections.rotate(shop, destinationId, by);
    case "existing":
      return connections.existing(shop, destinationId);
  }
}

export const clientAction = sendOrKeep;

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function Connection() {
  const shown = useLoaderData<typeof loader>();
  const happened = useAnswer<typeof action>();
  if (shown.outcome === "unknown_shop") return <UnknownShop />;
  if (shown.outcome !== "found") {
    const said = happened?.outcome === "done" ? happened.said : t("It was disconnected, or the link is mistyped.");
    return (
      <MissingPage
        title={t("This connection is not there any more")}
        sentence={said}
        wayOut={{ content: t("Destinations"), url: "/app/destinations" }}
      />
    );
  }
  return <ConnectionPage view={shown.view} happened={happened} />;
}
