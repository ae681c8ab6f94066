import { Readable } from "node:stream";
import { createReadableStreamFromReadable, type LoaderFunctionArgs } from "@remix-run/node";
import { readRange } from "../sync/csv/read-range.ts";
import { t } from "../texts/text.ts";

/** The file of a segment, streamed. The address holds the permission, so that the browser can go on with a download that was cut off. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const file = await context.exports.fetch(params["token"] ?? "");
  if (!file)
    return new Response(t("This link has expired. Open the segment's exports in Shopify again."), { status: 404 });
  const ifRange = request.headers.get("If-Range");
  const wanted = ifRange === null || ifRange === file.tag ? request.headers.get("Range") : null;
  const headers = {
    "Content-Type": "text/csv; charset=utf-8",
    "Content-Disposition": `attachment; filename="${file.name}"`,
    "Cache-Control": "private, no-store",
    "Accept-Ranges": "bytes",
    ETag: file.tag,
  };
  const range = readRange(wanted, file.size);
  if (!range)
    return new Response(null, { status: 416, headers: { ...headers, "Content-Range": `bytes */${file.size}` } });
  const bytes = await file.bytes(range);
  if (!bytes) return new Response(t("This file is not there any more."), { status: 404 });
  return new Response(createReadableStreamFromReadable(Readable.from(bytes)), {
    status: range.whole ? 200 : 206,
    headers: {
      ...headers,
      "Content-Length": String(range.end - range.start + 1),
      ...(!range.whole && { "Content-Range": `bytes ${range.start}-${range.end}/${file.size}` }),
    },
  });
}
