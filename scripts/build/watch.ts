import { type BuildOptions, context, type Plugin } from "esbuild";
import { copyAssets } from "./assets.ts";
import { bundles, shared } from "./bundles.ts";
import type { LazyFiles } from "./lazyFiles.ts";

/** Builds dist/ whenever a source changes, until the process ends. */
export async function watchAll(): Promise<void> {
  const lazy: LazyFiles = new Map();
  const watched = new Set<string>();

  const completeDist: Plugin = {
    name: "complete-dist",
    setup(build) {
      // .vscode/tasks.json waits for the lines “build started” and “build finished”.
      build.onStart(() => console.log("[watch] build started"));
      build.onEnd(async (result) => {
        for (const [file, options] of lazy) {
          if (watched.has(file)) continue;
          watched.add(file);
          await watch(options);
        }
        await copyAssets();
        for (const error of result.errors)
          console.log(`[watch] ${error.location?.file}:${error.location?.line}: ${error.text}`);
        console.log("[watch] build finished");
      });
    },
  };

  async function watch(options: BuildOptions): Promise<void> {
    const plugins = [...(options.plugins ?? []), completeDist];
    await (await context({ ...shared(true), ...options, plugins })).watch();
  }

  for (const options of bundles(lazy)) await watch(options);
}
