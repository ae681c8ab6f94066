/**
 * Which bytes of a file a `Range` header asks for (RFC 9110, 14.1). Several ranges, other units and what cannot be read ask for
 * all of it, as the RFC allows.
 * @returns null when none of them are there.
 */
export function readRange(header: string | null, size: number): { start: number; end: number; whole: boolean } | null {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return { start: 0, end: size - 1, whole: true };
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  return start <= end && start < size ? { start, end, whole: false } : null;
}
