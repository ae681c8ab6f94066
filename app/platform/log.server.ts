import { type DestinationStream, pino } from "pino";

export type Log = pino.Logger;

/** Structured lines, on standard error unless given another place. Callers pass ids and outcomes only: never a payload, an address or a token. */
export function createLog(level: string, to: DestinationStream = pino.destination(2)): Log {
  return pino(
    {
      level,
      base: null,
      redact: { paths: ["email", "*.email", "token", "*.token", "accessToken", "*.accessToken"], censor: "[redacted]" },
      serializers: { err: describeError },
    },
    to,
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
