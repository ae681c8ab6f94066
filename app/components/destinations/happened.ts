import type { DestinationAdmin } from "../../jobs/destination-admin.server.ts";

type Answers = Awaited<ReturnType<DestinationAdmin["choose" | "existing" | "rotate" | "sample"]>>;

/** What became of a form. `about`: the segment whose form it was, or 0. */
export type Happened = Answers & { about: number };
