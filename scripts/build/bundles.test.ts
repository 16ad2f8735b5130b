import { type BuildOptions, build } from "esbuild";
import { expect, it } from "vitest";
import { bundles, shared } from "./bundles.ts";
import type { LazyFiles } from "./lazyFiles.ts";

/** The files of a front door, itself and what it opens later, that a package's code reaches. */
async function filesWith(packageName: string, frontDoor: string): Promise<readonly string[]> {
  const found: string[] = [];
  const look = async (options: BuildOptions): Promise<void> => {
    const { metafile } = await build({ ...shared(false), ...options, write: false, metafile: true });
    for (const [file, { inputs }] of Object.entries(metafile.outputs)) {
      if (Object.keys(inputs).some((input) => input.includes(`node_modules/${packageName}/`)))
        found.push(file);
    }
  };
  const lazy: LazyFiles = new Map();
  for (const bundle of bundles(lazy)) if (bundle.outfile === frontDoor) await look(bundle);
  for (const bundle of lazy.values()) await look(bundle);
  return found;
}

it("undici is in what serves, and in nothing that the editor opens: it would go round VS Code's proxy", async () => {
  expect(await filesWith("undici", "dist/extension.cjs")).toEqual([]);
  expect(await filesWith("undici", "dist/switchyard.js")).toEqual(["dist/lazy/cli-serve-serve.mjs"]);
});

it("the rules that find keys are in a file of their own, which the editor opens with the first prompt that needs them", async () => {
  expect(await filesWith("@secretlint", "dist/extension.cjs")).toEqual([
    "dist/lazy/assistant-secrets-findSecrets.cjs",
  ]);
});
