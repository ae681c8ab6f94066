export type ResumeCursor = {
  /** Everything before this position has ended: the next run starts here. */
  position(): number;
  ended(position: number): void;
};

/** The contiguous prefix of what has ended, however out of order it ends. */
export function createResumeCursor(start = 0): ResumeCursor {
  const ahead = new Set<number>();
  let position = start;
  return {
    position: () => position,
    ended(ended) {
      ahead.add(ended);
      while (ahead.delete(position)) position += 1;
    },
  };
}
