import { type BuildOptions, build } from "esbuild";
import { expect, it } from "vitest";
import { bundles, shared } from "./bundles.ts";
import type { LazyFiles } from "./lazyFiles.ts";

/** The files of a front door, itself and what it opens later, that undici's code reaches. */
async function filesWithUndici(frontDoor: string): Promise<readonly string[]> {
  const found: string[] = [];
  const look = async (options: BuildOptions): Promise<void> => {
    const { metafile } = await build({ ...shared(false), ...options, write: false, metafile: true });
    for (const [file, { inputs }] of Object.entries(metafile.outputs)) {
      if (Object.keys(inputs).some((input) => input.includes("node_modules/undici/"))) found.push(file);
    }
  };
  const lazy: LazyFiles = new Map();
  for (const bundle of bundles(lazy)) if (bundle.outfile === frontDoor) await look(bundle);
  for (const bundle of lazy.values()) await look(bundle);
  return found;
}

it("undici is in what serves, and in nothing that the editor opens: it would go round VS Code's proxy", async () => {
  expect(await filesWithUndici("dist/extension.cjs")).toEqual([]);
  expect(await filesWithUndici("dist/switchyard.js")).toEqual(["dist/lazy/cli-serve-serve.mjs"]);
});
