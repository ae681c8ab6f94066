/** Some whole lines of a file, and the offset of the byte after them. */
export interface LineBatch {
  lines: string[];
  end: number;
}

export interface ReadLinesOptions {
  /** Bytes taken in already. */
  from: number;
  /** Length of the file where it is known; a shorter answer was cut off. */
  size: number | null;
  linesAtOnce: number;
  signal: AbortSignal;
}

/** The address does not lead to the file any more: it expires after seven days. */
export class FileGone extends Error {
  override name = "FileGone";
}

const BYTES_AT_ONCE = 1024 * 1024;
const LONGEST_LINE = 16 * 1024 * 1024;
const SILENCE_MS = 60_000;
const NEWLINE = 10;

/**
 * Reads a file of lines over HTTP from an offset on, holding no more than a batch and a chunk of it. Servers that know no ranges send
 * the file from its beginning, and what was taken in before is passed over.
 * @throws FileGone; an Error when the transfer stopped in the midst, after the whole lines that came were given out.
 */
export async function* readLines(url: string, options: ReadLinesOptions): AsyncGenerator<LineBatch, void, undefined> {
  const { from, size, linesAtOnce, signal } = options;
  if (size !== null && from >= size) return;
  const silence = new AbortController();
  const response = await fetch(url, {
    // Offsets count the file's own bytes, so it must not come compressed.
    headers: { "accept-encoding": "identity", ...(from > 0 && { range: `bytes=${from}-` }) },
    signal: AbortSignal.any([signal, silence.signal]),
    redirect: "error",
  });
  if (response.status === 416) return void (await response.body?.cancel());
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    if ([400, 403, 404, 410].includes(response.status)) throw new FileGone(`The file answered ${response.status}.`);
    throw new Error(`The file answered ${response.status}.`);
  }
  let skip = response.status === 206 ? 0 : from;
  let end = from;
  let rest: Buffer[] = [];
  let restLength = 0;
  let batch: string[] = [];
  let batchBytes = 0;
  const timer = setTimeout(() => silence.abort(new Error("The file stopped coming.")), SILENCE_MS);
  try {
    for await (const given of response.body as unknown as AsyncIterable<Uint8Array>) {
      timer.refresh();
      let chunk = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
      if (skip > 0) {
        const passed = Math.min(skip, chunk.length);
        skip -= passed;
        chunk = chunk.subarray(passed);
      }
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE)) {
        const line = restLength === 0 ? chunk.subarray(0, at) : Buffer.concat([...rest, chunk.subarray(0, at)]);
        rest = [];
        restLength = 0;
        batch.push(line.toString("utf8"));
        batchBytes += line.length + 1;
        chunk = chunk.subarray(at + 1);
        if (batch.length < linesAtOnce && batchBytes < BYTES_AT_ONCE) continue;
        end += batchBytes;
        yield { lines: batch, end };
        batch = [];
        batchBytes = 0;
        timer.refresh();
      }
      if (chunk.length > 0) rest.push(chunk);
      restLength += chunk.length;
      if (restLength > LONGEST_LINE) throw new Error("A line of the file is too long.");
    }
  } finally {
    clearTimeout(timer);
  }
  const isWhole = size === null || end + batchBytes + restLength >= size;
  if (isWhole && restLength > 0) {
    batch.push(Buffer.concat(rest).toString("utf8"));
    batchBytes += restLength;
  }
  if (batch.length > 0) yield { lines: batch, end: end + batchBytes };
  if (!isWhole) throw new Error("The file ended before its end.");
}
