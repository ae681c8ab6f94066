import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that show pages in Chromium: it and the app keep two cores busy with two of them. */
const IN_A_BROWSER = [
  "test/routes/**/*.test.ts",
  "test/journeys/merchant.test.ts",
  "test/journeys/on-screen.test.ts",
  "test/shopify/shell.test.ts",
  "test/storefront/blocks.test.ts",
];
/** What takes long although the file is short: begun last, as vitest does where it has never run, it would be waited for alone. */
const LONG = /replay\.test|\.property\.test/;
const cores = availableParallelism();

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ project, moduleId }: TestSpecification): number =>
      2 * project.config.sequence.groupOrder + (LONG.test(moduleId) ? 0 : 1);
    return (await super.sort(files)).toSorted((one, other) => place(one) - place(other));
  }
}

export default defineConfig({
  test: {
    environment: "node",
    globalSetup: ["test/support/template-database.ts"],
    sequence: { sequencer: LongFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Only what is wrong takes so long, or a machine with much else to do.
    expect: { poll: { timeout: 15_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: "in a browser",
          include: IN_A_BROWSER,
          maxWorkers: Math.max(2, cores - 1),
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "without",
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: [...IN_A_BROWSER, "**/node_modules/**"],
          // These wait for other processes more than they compute.
          maxWorkers: cores + 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
