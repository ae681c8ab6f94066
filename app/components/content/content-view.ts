import type { Block } from "../../content/blocks-store.server.ts";
import type { Place } from "../../content/content-data.ts";
import type { Fallbacks } from "../../content/scope.ts";
import type { BlockDetails } from "../../jobs/content-admin.server.ts";
import type { Format } from "../../platform/format.ts";
import type { Status } from "../status-badge.tsx";
import { t } from "../../texts/text.ts";

export interface ContentView {
  rows: BlockRowView[];
  deleted: { id: number; name: string; when: string }[];
}

export interface BlockRowView {
  id: number;
  url: string;
  name: string;
  handle: string;
  place: string;
  states: Status[];
}

export interface BlockEditorView {
  /** 0: not there yet. */
  id: number;
  handle: string;
  name: string;
  place: Place;
  source: string;
  fallbacks: Fallbacks;
  /** Null: nothing is live yet. */
  live: { number: number; source: string; fallbacks: Fallbacks } | null;
  /** What the draft is from, in words; null: no draft. */
  draft: string | null;
  versions: BlockVersionView[];
  segmentNames: string[];
  traitNames: string[];
}

export interface BlockVersionView {
  number: number;
  source: string;
  fallbacks: Fallbacks;
  message: string;
  by: string;
  live: boolean;
}

export function contentView({ blocks, now }: { blocks: readonly Block[]; now: Date }, format: Format): ContentView {
  const rows = blocks.filter(({ deletedAt }) => deletedAt === null);
  return {
    rows: rows.map((block) => ({
      id: block.id,
      url: `/app/content/${block.id}`,
      name: block.name,
      handle: block.handle,
      place: placeName(block.place),
      states: statesOf(block),
    })),
    deleted: blocks.flatMap(({ id, name, deletedAt }) =>
      deletedAt ? { id, name, when: format.relative(deletedAt, now) } : [],
    ),
  };
}

export function blockEditorView(
  found: BlockDetails | null,
  names: Pick<BlockEditorView, "segmentNames" | "traitNames">,
  format: Format,
): BlockEditorView {
  if (!found) {
    return {
      id: 0,
      handle: "",
      name: "",
      place: "storefront",
      source: firstSource(),
      fallbacks: { first_name: t("there|greeting of somebody without a name") },
      live: null,
      draft: null,
      versions: [],
      ...names,
    };
  }
  const { block, versions, now } = found;
  const live = versions.find(({ number }) => number === block.liveVersion) ?? null;
  return {
    id: block.id,
    handle: block.handle,
    name: block.name,
    place: block.place,
    source: block.draft?.source ?? live?.source ?? "",
    fallbacks: block.draft?.fallbacks ?? live?.fallbacks ?? {},
    live: live && { number: live.number, source: live.source, fallbacks: live.fallbacks },
    draft:
      live &&
      block.draft &&
      t("Saved by {author} {when}", { author: block.draft.author, when: format.relative(block.draft.at, now) }),
    versions: versions.map(({ number, source, fallbacks, message, author, publishedAt }) => ({
      number,
      source,
      fallbacks,
      message,
      by: `${author}, ${format.relative(publishedAt, now)}`,
      live: number === block.liveVersion,
    })),
    ...names,
  };
}

export function placeName(place: Place): string {
  return place === "email" ? t("E-mail") : t("Storefront");
}

function statesOf({ liveVersion, draft }: Block): Status[] {
  const live: Status =
    liveVersion === null
      ? { tone: null, text: t("Not published") }
      : { tone: "success", text: t("Version {number} live", { number: liveVersion }) };
  return draft && liveVersion !== null ? [live, { tone: "info", text: t("Draft") }] : [live];
}

/** A new block begins with what most are made for. */
function firstSource(): string {
  return `<h2>${t("Hi {name}", { name: "{{ first_name }}" })}</h2>
<p>${t("Chosen for you:")}</p>
{{ recommended_products }}
`;
}
