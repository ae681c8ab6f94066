import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { filesOfTar } from "../../app/platform/tar.ts";

const CONTENTS: Record<string, string> = {
  "empty.json": "",
  "one block.json": "x".repeat(512),
  "ümlaut.json": '[{"a":1}]',
  "large.json": "0123456789".repeat(10_000),
};

/** An archive as the system's own tar makes it, with a directory and a link in it. */
function archive(format: string): Buffer {
  const directory = mkdtempSync(join(tmpdir(), "tar-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const inside = join(directory, "batch");
  mkdirSync(inside);
  for (const [name, content] of Object.entries(CONTENTS)) writeFileSync(join(inside, name), content);
  symlinkSync("empty.json", join(inside, "link.json"));
  execFileSync("tar", ["--format", format, "-cf", join(directory, "a.tar"), "-C", directory, "batch"]);
  return readFileSync(join(directory, "a.tar"));
}

test.each(["ustar", "gnu", "pax", "v7"])("reads the files that tar writes as %s", (format) => {
  const found = [...filesOfTar(archive(format))].map(({ content }) => content.toString());
  expect(found.toSorted()).toEqual(Object.values(CONTENTS).toSorted());
});

test("takes no archive for whole that was cut off, and nothing else for an archive", () => {
  const whole = archive("ustar");
  for (const length of [0, 100, 512, 2_000, 50_000])
    expect(() => [...filesOfTar(whole.subarray(0, length))], `${length} bytes`).toThrow("cut off");
  expect(() => [...filesOfTar(Buffer.alloc(1_024, "<html>"))]).toThrow("no tar archive");
});
