import { defineConfig } from "vitest/config";
import { inProject } from "./scripts/project.ts";

/** Tests in a browser: of the chat view alone (`view`), and of a whole VS Code (`workbench`), which waits much of the time. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    maxConcurrency: 2,
    // Longer than the longest journey beside ten busy processes. What does not come is reported after a minute.
    testTimeout: 300_000,
    hookTimeout: 240_000,
    // For VS Code's processes: Node compiles their sources once, and not in each of them.
    env: { NODE_COMPILE_CACHE: inProject("node_modules/.cache/node") },
    expect: { poll: { timeout: 60_000 } },
    projects: [
      { extends: true, test: { name: "view", include: ["test/webview/*.e2e.ts"] } },
      {
        extends: true,
        test: {
          name: "workbench",
          include: ["test/e2e/*.e2e.ts"],
          // The files of a worker share a server and a browser (test/e2e/workbench/host.ts).
          isolate: false,
        },
      },
    ],
  },
});
