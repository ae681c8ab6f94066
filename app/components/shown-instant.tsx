import type { Format } from "../platform/format.ts";

/** An instant, written on the server. */
export interface ShownInstant {
  iso: string;
  text: string;
  relative: string;
}

/** @param now business time for what happened in the shop, real time for what Muster did. */
export function showInstant(format: Format, at: Date, now: Date): ShownInstant {
  return { iso: at.toISOString(), text: format.instant(at), relative: format.relative(at, now) };
}

/** The date and time, with the distance from now as its title; `relative` the other way round. */
export function Instant({ at, relative = false }: { at: ShownInstant; relative?: boolean }) {
  return (
    <time dateTime={at.iso} title={relative ? at.text : at.relative}>
      {relative ? at.relative : at.text}
    </time>
  );
}
