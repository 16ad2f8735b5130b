import { defineConfig } from "vitest/config";
import { inProject } from "./scripts/project.ts";

/**
 * Unit tests in Node and in jsdom, and the `faults` project: failures of providers, processes and files, with real
 * servers and programs. No test here starts an editor.
 */
export default defineConfig({
  test: {
    // Long enough for a busy machine. Only a test that hangs reaches these limits.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: "100%",
    // For the processes that tests start: Node compiles their sources once, and not in each of them.
    env: { NODE_COMPILE_CACHE: inProject("node_modules/.cache/node") },
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          environment: "node",
          // Files share a process: starting one takes longer than most of them.
          isolate: false,
          setupFiles: ["test/support/realTimers.ts"],
          include: ["src/**/*.test.ts", "scripts/**/*.test.ts", "test/bench/cascade/*.test.ts"],
          exclude: ["src/{editor,webview}/**"],
        },
      },
      {
        extends: true,
        test: {
          name: "editor",
          environment: "node",
          isolate: false,
          // Each file mocks `vscode` in its own way, and loads the modules that use it again.
          setupFiles: ["test/support/realTimers.ts", "test/support/freshModules.ts"],
          include: ["src/editor/**/*.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "faults",
          environment: "node",
          env: { TZ: zoneAtNoon() },
          // Files share a process: loading the engine again for each takes as long as its tests.
          isolate: false,
          include: ["test/*.test.ts", "test/{cli,docs,faults,server}/**/*.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "jsdom",
          environment: "jsdom",
          // Files share a page: starting jsdom takes longer than most of them. Each test clears the page it uses.
          isolate: false,
          include: ["src/webview/**/*.test.{ts,tsx}"],
        },
      },
    ],
  },
});

/** A time zone in which it is about noon. No test that counts what was spent today sees midnight. */
function zoneAtNoon(): string {
  const behind = new Date().getUTCHours() - 12;
  return `Etc/GMT${behind < 0 ? "" : "+"}${behind}`;
}
