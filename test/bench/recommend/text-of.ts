import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** A file as text, packed (.gz) or plain. */
export function textOf(file: string): string {
  const bytes = readFileSync(file);
  return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}
