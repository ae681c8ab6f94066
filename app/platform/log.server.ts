import { pino } from "pino";

export type Log = pino.Logger;

/** Structured lines on standard error. Callers pass ids and outcomes only: never a payload, an address or a token. */
export function createLog(level: string): Log {
  return pino(
    {
      level,
      base: null,
      redact: { paths: ["email", "*.email", "token", "*.token", "accessToken", "*.accessToken"], censor: "[redacted]" },
      serializers: { err: describeError },
    },
    pino.destination(2),
  );
}

/** Session tokens and addresses occur in vendors' and libraries' messages; both are cut out. */
function describeError(error: unknown): { type: string; message: string; stack?: string } {
  if (!(error instanceof Error)) return { type: typeof error, message: redact(String(error)) };
  return { type: error.name, message: redact(error.message), ...(error.stack && { stack: redact(error.stack) }) };
}

function redact(text: string): string {
  return text
    .replace(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, "[token]")
    .replace(/[^\s"'<>()]+@[^\s"'<>()]+\.[^\s"'<>()]+/g, "[address]");
}
