import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { z } from "zod";

/** `npm test`: every check of the project, two at a time, then the tests. Arguments go to vitest. */
const checks = {
  "admin UI": ["node", "app/run.mjs", "build"],
  types: ["tsc", "-p", ".", "--incremental", "--tsBuildInfoFile", "node_modules/.cache/muster/types.json"],
  unused: ["knip", "--no-progress"],
  format: ["prettier", "--check", "--cache", "--log-level", "warn", "."],
  lint: ["oxlint", "--deny-warnings"],
};

/** What is read of vitest's JSON report. */
const reportSchema = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  toDo: number;
}

const children = new Set<ChildProcess>();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    for (const child of children) child.kill(signal);
    process.exit(1);
  });
}

const folder = mkdtempSync(join(tmpdir(), "muster-test-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const failedChecks = await runChecks();
const counts = await runTests(process.argv.slice(2));
process.exitCode = report(counts, failedChecks) ? 0 : 1;

async function runChecks(): Promise<number> {
  const waiting = Object.entries(checks);
  let failed = 0;
  await Promise.all(
    [1, 2].map(async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        if (!(await runCheck(...next))) failed += 1;
      }
    }),
  );
  return failed;
}

/** Prints a check's name, result and time, and what it said if it failed. */
async function runCheck(name: string, command: string[]): Promise<boolean> {
  const startedAt = performance.now();
  let said = "";
  const code = await run(command, (text) => (said += text));
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${name.padEnd(9)} ${code === 0 ? "ok" : "FAILED"} in ${seconds} s`);
  if (code !== 0) console.log(`${said.trim().replaceAll(/^/gm, "  ")}\n`);
  return code === 0;
}

async function runTests(vitestArguments: string[]): Promise<Counts> {
  const file = join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const code = await run(["vitest", "run", ...reporters, ...vitestArguments], undefined, {
    MUSTER_TEST_SKIPS: join(folder, "skips"),
  });
  const read = existsSync(file) ? reportSchema.parse(JSON.parse(readFileSync(file, "utf8"))) : undefined;
  if (read === undefined) return { passed: 0, failed: 1, skipped: 0, toDo: 0 };
  // A file that could not be loaded has no tests to count, and an error outside any test fails the run alone.
  const broken = read.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  const failed = read.numFailedTests + broken.length;
  return {
    passed: read.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: read.numPendingTests,
    toDo: read.numTodoTests,
  };
}

/** Prints the closing lines; true if nothing failed, and in CI nothing was skipped without its reason. */
function report({ passed, failed, skipped, toDo }: Counts, failedChecks: number): boolean {
  const skipFile = join(folder, "skips");
  const skips = existsSync(skipFile) ? [...new Set(readFileSync(skipFile, "utf8").trim().split("\n"))] : [];
  const unnamed = process.env["CI"] === "true" && skipped > 0 && skips.length === 0;
  console.log();
  for (const skip of skips.toSorted()) console.log(`skipped: ${skip}`);
  if (toDo > 0) console.log(`to do: ${toDo} (it.todo)`);
  if (unnamed) console.log("failed: tests were skipped without saying why, which CI does not accept");
  if (failedChecks > 0) console.log(`failed: ${failedChecks} of the checks above, counted below`);
  const allFailed = failed + failedChecks + (unnamed ? 1 : 0);
  console.log(`${passed} passed, ${allFailed} failed, ${skipped} skipped`);
  return allFailed === 0;
}

/** Resolves with the exit code. Without `listen` the command writes to this process's own output. */
function run(
  [command = "", ...commandArguments]: string[],
  listen?: (text: string) => void,
  env?: Record<string, string>,
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, commandArguments, {
      stdio: listen === undefined ? "inherit" : ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
      shell: process.platform === "win32",
    });
    children.add(child);
    if (listen !== undefined) {
      child.stdout?.setEncoding("utf8").on("data", listen);
      child.stderr?.setEncoding("utf8").on("data", listen);
    }
    child.on("error", (error) => {
      listen?.(`${error.message}\n`);
      resolve(1);
    });
    child.on("close", (code) => {
      children.delete(child);
      resolve(code ?? 1);
    });
  });
}
