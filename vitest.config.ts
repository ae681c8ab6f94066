import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    environment: "node",
    globalSetup: ["test/support/template-database.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Tests wait for other processes more than they compute, so two cores carry two of them.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
