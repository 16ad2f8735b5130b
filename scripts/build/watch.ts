import { build, context, type Plugin } from "esbuild";
import { copyAssets } from "./assets.ts";
import { bundles, shared } from "./bundles.ts";
import { lazyBundle } from "./lazyPackages.ts";

/** Builds and builds again whenever a source changes, until it is ended. */
export async function watchAll(): Promise<void> {
  const lazy = new Set<string>();
  const lazyBuilt = new Set<string>();

  const completeDist: Plugin = {
    name: "complete-dist",
    setup(build) {
      // The two lines that .vscode/tasks.json waits for.
      build.onStart(() => console.log("[watch] build started"));
      build.onEnd(async (result) => {
        for (const name of [...lazy].filter((name) => !lazyBuilt.has(name))) {
          lazyBuilt.add(name);
          await buildLazy(name);
        }
        await copyAssets();
        for (const error of result.errors)
          console.log(`[watch] ${error.location?.file}:${error.location?.line}: ${error.text}`);
        console.log("[watch] build finished");
      });
    },
  };

  for (const options of bundles(lazy)) {
    const watched = await context({
      ...shared(true),
      ...options,
      plugins: [...(options.plugins ?? []), completeDist],
    });
    await watched.watch();
  }
}

async function buildLazy(name: string): Promise<void> {
  await build({ ...shared(true), ...lazyBundle(name) });
}
