import { parentPort } from "node:worker_threads";
import { type CheckTask, checkBlock } from "./check-block.ts";
import type { ContentProblem } from "./explain-fault.ts";
import { speaking } from "../texts/speech.server.ts";
import { renderBlock, type Rendered, type RenderTask } from "./render-block.ts";

/** @param locale of whoever reads what is wrong with a block */
export type ContentTask = { locale: string } & (({ kind: "render" } & RenderTask) | ({ kind: "check" } & CheckTask));
export type ContentAnswer = Rendered | { outcome: "checked"; problems: ContentProblem[] };

// One task after the other, as the pool hands them over. Everything comes and goes as a copy.
parentPort?.on("message", (task: ContentTask) => {
  parentPort?.postMessage({ done: speaking(task.locale, () => answer(task)) });
});
parentPort?.postMessage({ ready: true });

function answer(task: ContentTask): ContentAnswer {
  return task.kind === "render" ? renderBlock(task) : { outcome: "checked", problems: checkBlock(task) };
}
