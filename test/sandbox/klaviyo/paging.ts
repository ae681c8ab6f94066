import { pageOf } from "../ordered-set.ts";
import type { ApiRequest } from "../http.ts";
import type { Query } from "./contract.ts";
import { invalid } from "./refusal.ts";

/** One page of `entries` and its JSON:API links; like Klaviyo's, `next` and `prev` are null where there is no page. */
export function page<T extends { position: number }>(
  request: ApiRequest,
  query: Query,
  entries: readonly T[],
  defaultSize: number,
) {
  const { items, next } = pageOf(entries, readCursor(query), query.integer("page[size]") ?? defaultSize);
  const self = new URL(`${request.origin}${request.path}?${request.query}`);
  return { items, links: { self: self.href, next: next === null ? null : withCursor(self, next), prev: null } };
}

function readCursor(query: Query): number {
  const cursor = query.one("page[cursor]");
  if (cursor === undefined) return 0;
  const found = /^next::(\d+)$/.exec(Buffer.from(cursor, "base64url").toString());
  if (found === null) throw invalid("The cursor is not valid.", { parameter: "page[cursor]" });
  return Number(found[1]);
}

function withCursor(self: URL, position: number): string {
  const url = new URL(self);
  url.searchParams.set("page[cursor]", Buffer.from(`next::${position}`).toString("base64url"));
  return url.href;
}
