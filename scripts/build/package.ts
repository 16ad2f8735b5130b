/** `npm run package`: builds and packs switchyard-VERSION.vsix. It fails on a warning and on a package above 6 MB. */
import { spawnSync } from "node:child_process";
import { readFile, rm, stat } from "node:fs/promises";
import { isRecord } from "../../src/base/isRecord.ts";
import { inProject } from "../project.ts";
import { buildAll } from "./build.ts";

/** The whole extension with its table of word vectors is about 4 MB. */
const MAX_BYTES = 6 * 1024 * 1024;

/** A packed extension: its path and its size. */
export type Package = { readonly path: string; readonly bytes: number };

/**
 * Builds and packs the extension.
 * @param build builds dist/, unless it has been built
 * @throws an error with vsce's output if vsce fails or warns, and one if the package is too large
 */
export async function packVsix(build: () => Promise<unknown> = buildAll): Promise<Package> {
  const manifest: unknown = JSON.parse(await readFile(inProject("package.json"), "utf8"));
  if (!isRecord(manifest)) throw new Error("package.json does not contain an object.");
  const path = inProject(`switchyard-${String(manifest["version"])}.vsix`);
  await build();
  const vsce = inProject("node_modules/@vscode/vsce/vsce");
  const packed = spawnSync(process.execPath, [vsce, "package", "--no-dependencies", "--out", path], {
    cwd: inProject(),
    encoding: "utf8",
  });
  const output = `${packed.stdout}${packed.stderr}`;
  if (packed.status !== 0 || /\bwarning\b/i.test(output)) {
    await rm(path, { force: true });
    throw new Error(`vsce failed or warned:\n${output}`);
  }
  const { size: bytes } = await stat(path);
  if (bytes > MAX_BYTES) throw new Error(`${path} has ${bytes} bytes, more than ${MAX_BYTES}.`);
  return { path, bytes };
}

if (import.meta.main) {
  try {
    const { path, bytes } = await packVsix();
    console.log(`${path}: ${(bytes / 1024 / 1024).toFixed(2)} MB`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
