export interface Progress {
  /** What is going on; replaced by what comes next. */
  show(text: string): void;
  /** What stays. */
  say(text: string): void;
}

/** One line on standard error that is rewritten in a terminal, and a line every few seconds elsewhere. */
export function createProgress(): Progress {
  const { stderr } = process;
  let shownAt = 0;
  let open = false;
  return {
    show(text) {
      if (stderr.isTTY) {
        stderr.write(`\r\x1b[K${text}`);
        open = true;
        return;
      }
      if (Date.now() - shownAt < 5_000) return;
      shownAt = Date.now();
      stderr.write(`${text}\n`);
    },
    say(text) {
      if (open) stderr.write("\r\x1b[K");
      open = false;
      stderr.write(`${text}\n`);
    },
  };
}
