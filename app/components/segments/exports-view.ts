import type { ListedExport } from "../../jobs/export-admin.server.ts";
import type { Format } from "../../platform/format.ts";
import { t } from "../../texts/text.ts";

export interface ExportsView {
  segmentId: number;
  segment: string;
  files: {
    id: string;
    asked: string;
    /** So many are in it, or so far. */
    people: string;
    size: string;
    /** Until when it can be fetched. */
    until: string;
    /** Null: it is being built. */
    path: string | null;
  }[];
  building: boolean;
}

export function exportsView(
  found: { segment: { id: number; name: string }; exports: readonly ListedExport[]; now: Date },
  format: Format,
): ExportsView {
  return {
    segmentId: found.segment.id,
    segment: found.segment.name,
    files: found.exports.map(({ id, askedAt, finishedAt, expiresAt, people, bytes, path }) => ({
      id,
      asked: format.instant(askedAt),
      people: finishedAt ? format.number(people) : t("{count} so far", { count: format.number(people) }),
      size: finishedAt ? `${format.number(Math.max(1, Math.round(bytes / 1024)))} kB` : "\u2013",
      until: format.instant(expiresAt),
      path,
    })),
    building: found.exports.some(({ finishedAt }) => finishedAt === null),
  };
}
