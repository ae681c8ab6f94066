import { z } from "zod";
import type { SandboxSource } from "../messages.ts";
import { keepState } from "../state.ts";
import { createResumeCursor } from "./resume-cursor.ts";
import type { TimelineStretch } from "./timeline.ts";

export type Progress = {
  /** What is being delivered: the given source, or the one an earlier run began with. */
  source: SandboxSource;
  /** How many deliveries from the beginning have ended, history first and live traffic after it. */
  position(): number;
  ended(position: number): void;
  /** The stretches of live traffic so far. */
  stretches: readonly TimelineStretch[];
  wentLive(stretch: TimelineStretch): void;
  close(): void;
};

const contentSchema = z.object({
  source: z.custom<SandboxSource>((value) => typeof value === "object" && value !== null),
  position: z.number().int().nonnegative(),
  stretches: z.array(z.object({ from: z.number(), shown: z.number(), speed: z.number() })),
});

/**
 * Keeps in `file` how far delivery has come, so that the next run goes on from there. A run with another source starts
 * from the beginning; only the end of a generated history may differ, since "now" does on every run.
 */
export function openProgress(file: string, given: SandboxSource): Progress {
  let source = given;
  let cursor = createResumeCursor();
  const stretches: TimelineStretch[] = [];
  const state = keepState({
    file,
    everyMillis: 250,
    snapshot: () => ({ source, position: cursor.position(), stretches }),
    restore: (snapshot: unknown) => {
      const kept = contentSchema.parse(snapshot);
      if (identity(kept.source) !== identity(given)) return;
      source = kept.source;
      cursor = createResumeCursor(kept.position);
      stretches.push(...kept.stretches);
    },
  });
  return {
    source,
    position: () => cursor.position(),
    ended(position) {
      cursor.ended(position);
      state.changed();
    },
    stretches,
    wentLive(stretch) {
      stretches.push(stretch);
      state.changed();
    },
    close: state.close,
  };
}

function identity(source: SandboxSource): string {
  if (source.kind === "replay") {
    return JSON.stringify([source.kind, source.file, source.limit, source.duplicate === true, source.shuffle]);
  }
  return JSON.stringify([source.kind, source.seed, source.shoppers, source.days]);
}
