import { data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { DeadLetterPage } from "../components/data/dead-letter-page.tsx";
import { deadLetterView, type OneDeadLetterView } from "../components/data/dead-letters-view.ts";
import { MissingPage } from "../components/missing-page.tsx";
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
          wayOut={{ content: t("Deliveries set aside"), url: "/app/data/dead-letters" }}
        />
      );
  }
}
