const BLOCK = 512;

/** A tar archive in the ustar format: a directory, and files in it. */
export function tarOf(directory: string, files: readonly { name: string; content: string }[]): Buffer {
  const parts = [header(directory, 0, "5")];
  for (const { name, content } of files) {
    const bytes = Buffer.from(content);
    parts.push(header(name, bytes.length, "0"), bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK));
  }
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

function header(name: string, size: number, type: "0" | "5"): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, "0")}\0`;
  block.write(name, 0, "latin1");
  block.write(octal(0o644, 8) + octal(0, 8) + octal(0, 8) + octal(size, 12) + octal(0, 12) + " ".repeat(8) + type, 100);
  block.write("ustar\x0000", 257, "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}
