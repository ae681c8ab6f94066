import type { QueueLog } from "../../app/jobs/queue.ts";

export interface WrittenLine {
  readonly level: "warn" | "error";
  readonly message: string;
  readonly fields: Record<string, unknown>;
}

/**
 * A log that keeps what is written. Give it to the code under test and let each test say which lines it expects, so that
 * a test fails when something complains that should not.
 */
export function createKeptLog(): { readonly lines: WrittenLine[]; readonly log: QueueLog } {
  const lines: WrittenLine[] = [];
  const write = (level: WrittenLine["level"]) => (fields: unknown, message?: string) => {
    lines.push({ level, message: message ?? "", fields: { ...(fields as object) } });
  };
  return { lines, log: { warn: write("warn"), error: write("error") } };
}
