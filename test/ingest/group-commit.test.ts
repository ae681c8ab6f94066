import { expect, it } from "vitest";
import { createGroupCommit } from "../../app/ingest/group-commit.ts";

/** A line whose statement waits until it is let go. */
function createLine() {
  const batches: number[][] = [];
  let letGo = (): void => {};
  const line = createGroupCommit({
    commit: (items: number[]) =>
      new Promise<number[]>((resolve) => {
        batches.push(items);
        letGo = () => resolve(items);
      }),
    isOutage: () => true,
    sizeOf: (bytes) => bytes,
    maxItems: 3,
    maxBytes: 100,
    maxWaiting: 4,
    maxWaitingBytes: 150,
  });
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { line, batches, turn, letGo: () => (letGo(), turn()) };
}

it("refuses at once what would wait behind too many bytes or too many others, and takes more when the line moves", async () => {
  const { line, batches, turn, letGo } = createLine();
  // Larger than all that may wait, but nobody is before it.
  const first = line.add(1_000);
  await turn();
  expect(batches).toEqual([[1_000]]);
  const waiting = [line.add(60), line.add(60)];
  await expect(line.add(60)).rejects.toMatchObject({ name: "Overloaded" });
  const small = [line.add(1), line.add(1)];
  await expect(line.add(1)).rejects.toMatchObject({ name: "Overloaded" });
  await letGo();
  expect(await first).toBe(1_000);
  // The second of 60 does not fit into the statement's 100 bytes.
  expect(batches[1]).toEqual([60]);
  const next = line.add(60);
  await letGo();
  expect(batches[2]).toEqual([60, 1, 1]);
  await letGo();
  await letGo();
  expect(await Promise.all([...waiting, ...small, next])).toEqual([60, 60, 1, 1, 60]);
  expect(batches[3]).toEqual([60]);
});
