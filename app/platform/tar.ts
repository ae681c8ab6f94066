const BLOCK = 512;

/**
 * The regular files of a tar archive, in order. Directories, links and the extended headers of newer formats are passed over.
 * @throws when it is no archive or does not reach its end.
 */
export function* filesOfTar(archive: Buffer): Generator<{ name: string; content: Buffer }> {
  for (let at = 0; ;) {
    const header = archive.subarray(at, at + BLOCK);
    if (header.length < BLOCK) throw new Error("The archive is cut off");
    if (header.every((byte) => byte === 0)) return;
    if (octal(header, 148, 8) !== checksum(header)) throw new Error("This is no tar archive");
    const size = octal(header, 124, 12);
    const content = archive.subarray(at + BLOCK, at + BLOCK + size);
    if (content.length < size) throw new Error("The archive is cut off");
    const type = header[156];
    // "0", or what the oldest format has in its place.
    if (type === 0x30 || type === 0) yield { name: text(header, 0, 100), content };
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

/** The sum of the header's bytes, its own field taken as spaces. */
function checksum(header: Buffer): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);
}

function octal(header: Buffer, at: number, length: number): number {
  return Number.parseInt(text(header, at, length), 8);
}

function text(header: Buffer, at: number, length: number): string {
  return header.toString("latin1", at, at + length).replace(/\0[^]*$/, "");
}
