import { defineConfig } from "vitest/config";

/**
 * Unit tests: the engine's in Node, the webview's in jsdom; and beside them `faults`: all that can go wrong, with real
 * servers, processes and programs. None of them starts an editor.
 */
export default defineConfig({
  test: {
    // A machine with two busy cores may take its time: what hangs is told apart from what is slow.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          environment: "node",
          include: ["src/**/*.test.ts", "scripts/**/*.test.ts"],
          exclude: ["src/webview/**"],
        },
      },
      {
        extends: true,
        test: {
          name: "faults",
          environment: "node",
          include: ["test/*.test.ts", "test/{cli,faults,server}/**/*.test.ts"],
        },
      },
      {
        extends: true,
        test: { name: "jsdom", environment: "jsdom", include: ["src/webview/**/*.test.{ts,tsx}"] },
      },
    ],
  },
});
