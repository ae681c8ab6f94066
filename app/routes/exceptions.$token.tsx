import { Readable } from "node:stream";
import { createReadableStreamFromReadable, type LoaderFunctionArgs } from "@remix-run/node";
import { t } from "../texts/text.ts";

/** Who is in a segment and not in its audience, read while it is sent. The address holds the permission. */
export async function loader({ params, context }: LoaderFunctionArgs) {
  const file = await context.connections.exceptions(params["token"] ?? "");
  if (!file) return new Response(t("This link has expired. Open the connection in Shopify again."), { status: 404 });
  return new Response(createReadableStreamFromReadable(Readable.from(file.lines)), {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename="${file.name}"`,
      "Cache-Control": "private, no-store",
    },
  });
}
