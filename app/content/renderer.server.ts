import { type ResourceLimits, Worker } from "node:worker_threads";
import type { CheckTask } from "./check-block.ts";
import type { ContentAnswer, ContentTask } from "./content-thread.server.ts";
import type { ContentProblem } from "./explain-fault.ts";
import { DEADLINE_MS, THREAD_MEMORY } from "./limits.ts";
import { speech } from "../texts/text.ts";
import type { Rendered, RenderTask } from "./render-block.ts";

/** Why a block did not come to its end: it took too long, it needed too much memory, or it was not begun: too many wait, or no thread starts. */
export interface Stopped {
  outcome: "stopped";
  reason: "time" | "memory" | "busy" | "closed";
}

export interface Renderer {
  render(task: RenderTask): Promise<Rendered | Stopped>;
  check(task: CheckTask): Promise<{ outcome: "checked"; problems: ContentProblem[] } | Stopped>;
  /** Ends the threads; what waits is stopped. */
  close(): void;
}

export interface RendererOptions {
  threads?: number;
  /** From handing a task over, in milliseconds of real time. */
  deadlineMs?: number;
  memory?: ResourceLimits;
}

/** More than this wait only where something is wrong, and then being refused at once is better. */
const MOST_WAITING = 200;
/** For a thread to start, which is not the block's fault. */
const START_MS = 20_000;

interface Waiting {
  task: ContentTask;
  settle(answer: ContentAnswer | Stopped): void;
}

/**
 * Runs blocks in threads of little memory and no environment. One that does not answer in time, or needs more memory, is killed and
 * another takes its place: no loop, no expression and no filter that a merchant can write holds up anything but its own answer.
 */
export function createRenderer({
  threads = 2,
  deadlineMs = DEADLINE_MS,
  memory = THREAD_MEMORY,
}: RendererOptions = {}): Renderer {
  const waiting: Waiting[] = [];
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  let closed = false;

  const begin = (): void => {
    while (waiting.length > 0) {
      const worker = idle.pop();
      if (!worker) {
        if (all.size < threads) start();
        return;
      }
      const next = waiting.shift();
      if (next) handOver(worker, next);
    }
  };

  const start = (): void => {
    const worker = new Worker(new URL("./content-thread.server.ts", import.meta.url), {
      env: {},
      argv: [],
      execArgv: [],
      resourceLimits: memory,
    });
    all.add(worker);
    worker.unref();
    const slow = setTimeout(() => void worker.terminate(), START_MS);
    slow.unref();
    let ready = false;
    worker.once("message", () => {
      clearTimeout(slow);
      ready = true;
      if (closed) return;
      idle.push(worker);
      begin();
    });
    // Heard once more, so that a thread that fails while it is idle does not end the process.
    worker.on("error", () => {});
    worker.once("exit", () => {
      clearTimeout(slow);
      all.delete(worker);
      const place = idle.indexOf(worker);
      if (place !== -1) idle.splice(place, 1);
      if (!ready) refuseAll("busy");
      if (!closed) begin();
    });
  };

  const refuseAll = (reason: Stopped["reason"]): void => {
    for (const { settle } of waiting.splice(0)) settle({ outcome: "stopped", reason });
  };

  const handOver = (worker: Worker, { task, settle }: Waiting): void => {
    let open = true;
    const end = (answer: ContentAnswer | Stopped): void => {
      if (!open) return;
      open = false;
      clearTimeout(timer);
      worker.off("message", hear);
      worker.off("error", fail);
      worker.unref();
      settle(answer);
    };
    const hear = ({ done }: { done: ContentAnswer }): void => {
      end(done);
      idle.push(worker);
      begin();
    };
    const fail = (error: Error & { code?: string }): void =>
      end({ outcome: "stopped", reason: error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "memory" : "time" });
    worker.on("message", hear);
    worker.on("error", fail);
    worker.ref();
    // An answer that has arrived while this process was busy itself is taken first.
    const timer = setTimeout(
      () =>
        setImmediate(() => {
          if (!open) return;
          end({ outcome: "stopped", reason: closed ? "closed" : "time" });
          void worker.terminate();
        }),
      deadlineMs,
    );
    worker.postMessage(task);
  };

  const run = (task: ContentTask): Promise<ContentAnswer | Stopped> =>
    new Promise((settle) => {
      if (closed) return settle({ outcome: "stopped", reason: "closed" });
      if (waiting.length >= MOST_WAITING) return settle({ outcome: "stopped", reason: "busy" });
      waiting.push({ task, settle });
      begin();
    });

  return {
    render: (task) => run({ kind: "render", locale: speech().locale, ...task }) as Promise<Rendered | Stopped>,
    check: (task) => run({ kind: "check", locale: speech().locale, ...task }) as ReturnType<Renderer["check"]>,
    close() {
      closed = true;
      refuseAll("closed");
      for (const worker of all) void worker.terminate();
    },
  };
}
