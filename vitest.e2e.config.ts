import { defineConfig } from "vitest/config";

/** Tests that drive a whole VS Code in a browser, as a person does: one after the other, with time. */
export default defineConfig({
  test: {
    name: "e2e",
    include: ["test/e2e/*.e2e.ts", "test/webview/*.e2e.ts"],
    maxWorkers: 1,
    fileParallelism: false,
    maxConcurrency: 2,
    testTimeout: 120_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
