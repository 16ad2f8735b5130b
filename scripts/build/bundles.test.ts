import { type BuildOptions, build, type Metafile } from "esbuild";
import { beforeAll, expect, it } from "vitest";
import { bundles, shared } from "./bundles.ts";
import type { LazyFiles } from "./lazyFiles.ts";

type Outputs = Metafile["outputs"];

/** The files of a front door, itself and what it opens later, with the code that reaches each of them. */
async function filesOf(frontDoor: string): Promise<Outputs> {
  const outputs: Outputs[] = [];
  const look = async (options: BuildOptions): Promise<void> => {
    const { metafile } = await build({ ...shared(false), ...options, write: false, metafile: true });
    outputs.push(metafile.outputs);
  };
  const lazy: LazyFiles = new Map();
  for (const bundle of bundles(lazy)) if (bundle.outfile === frontDoor) await look(bundle);
  for (const bundle of lazy.values()) await look(bundle);
  return Object.assign({}, ...outputs);
}

/** The files that a package's code reaches. */
function filesWith(packageName: string, files: Outputs): readonly string[] {
  return Object.entries(files).flatMap(([file, { inputs }]) =>
    Object.keys(inputs).some((input) => input.includes(`node_modules/${packageName}/`)) ? [file] : [],
  );
}

let extension: Outputs;
beforeAll(async () => {
  extension = await filesOf("dist/extension.cjs");
});

it("undici is in what serves, and in nothing that the editor opens: it would go round VS Code's proxy", async () => {
  expect(filesWith("undici", extension)).toEqual([]);
  expect(filesWith("undici", await filesOf("dist/switchyard.js"))).toEqual(["dist/lazy/cli-serve-serve.mjs"]);
});

it("the rules that find keys are in a file of their own, which the editor opens with the first prompt that needs them", () => {
  expect(filesWith("@secretlint", extension)).toEqual(["dist/lazy/assistant-secrets-findSecrets.cjs"]);
});
