import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { type ClientActionFunctionArgs, redirect, useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { z } from "zod";
import { DeadLetterPage } from "../components/data/dead-letter-page.tsx";
import { deadLetterView, type OneDeadLetterView } from "../components/data/dead-letters-view.ts";
import { MissingPage } from "../components/missing-page.tsx";
import { sendOrKeep } from "../components/send-or-keep.ts";
import { UnknownShop } from "../components/unknown-shop.tsx";
import { createFormat, localeOf } from "../platform/format.ts";
import { t } from "../texts/text.ts";

type Answer = { outcome: "found"; letter: OneDeadLetterView } | { outcome: "unknown_shop" | "gone" };

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const answer = await context.muster.deadLetter(session.shop, params["letterId"] ?? "");
  if (answer.outcome !== "found") return data<Answer>({ outcome: answer.outcome }, { status: 404 });
  const locale = localeOf(request);
  const format = createFormat({ locale, timeZone: answer.shop.timeZone });
  return data<Answer>({ outcome: "found", letter: deadLetterView(answer, format) });
}

const LIST = "/app/data/dead-letters";
const asked = z.object({ decision: z.enum(["replay", "discard"]), id: z.string().regex(/^[1-9]\d{0,17}$/) });

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const form = await request.formData();
  const parsed = asked.safeParse({ decision: form.get("decision"), id: params["letterId"] });
  if (!parsed.success) return data({ outcome: "unknown_request" as const }, { status: 422 });
  const { decision, id } = parsed.data;
  return decision === "replay"
    ? context.actions.replayDeadLetters(session.shop, id)
    : context.actions.discardDeadLetter(session.shop, id);
}

/** Whatever is decided is no more to be seen here but in the list, which is gone to once the decision was answered, and only then. */
export const clientAction = async (given: ClientActionFunctionArgs) => {
  const answer = await sendOrKeep(given);
  const outcome = typeof answer === "object" && answer !== null && "outcome" in answer ? answer.outcome : null;
  if (outcome !== "replaying" && outcome !== "discarded") return answer;
  if (outcome === "discarded") window.shopify?.toast.show(t("The delivery was discarded."));
  return redirect(LIST);
};

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function OneDeadLetter() {
  const shown = useLoaderData<typeof loader>();
  switch (shown.outcome) {
    case "found":
      return <DeadLetterPage letter={shown.letter} />;
    case "unknown_shop":
      return <UnknownShop />;
    case "gone":
      return (
        <MissingPage
          title={t("This delivery is not set aside any more")}
          sentence={t("It was understood when it was read again, or discarded.")}
          wayOut={{ content: t("Deliveries set aside"), url: LIST }}
        />
      );
  }
}
