import { defineConfig } from "vitest/config";

/** Unit tests: the engine's in Node, the webview's in jsdom. They never start an editor. */
export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          environment: "node",
          include: ["src/**/*.test.ts", "test/*.test.ts", "scripts/**/*.test.ts"],
          exclude: ["src/webview/**"],
        },
      },
      {
        extends: true,
        test: { name: "jsdom", environment: "jsdom", include: ["src/webview/**/*.test.{ts,tsx}"] },
      },
    ],
  },
});
