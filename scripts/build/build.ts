import { readdir, rm, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { type BuildOptions, build, type Metafile } from "esbuild";
import { inProject } from "../project.ts";
import { copyAssets } from "./assets.ts";
import { bundles, shared } from "./bundles.ts";
import type { LazyFiles } from "./lazyFiles.ts";
import { writeNotices } from "./notices.ts";

/** A file of dist/ and its size. */
export type Built = { readonly file: string; readonly bytes: number };

/** Makes dist/ as it is shipped, and the notices of what is shipped from others. */
export async function buildAll(): Promise<Built[]> {
  const lazy: LazyFiles = new Map();
  const metafiles = await Promise.all(bundles(lazy).map(bundle));
  // A map that grows while it is walked through is walked to its end: a lazy file may ask for others.
  for (const options of lazy.values()) metafiles.push(await bundle(options));
  const assets = await copyAssets();
  await writeNotices(metafiles);
  const files = [...metafiles.flatMap((metafile) => Object.keys(metafile.outputs)), ...assets];
  await removeAllBut(new Set(files));
  return Promise.all(files.map(async (file) => ({ file, bytes: (await stat(inProject(file))).size })));
}

async function bundle(options: BuildOptions): Promise<Metafile> {
  const { metafile } = await build({ ...shared(false), ...options, metafile: true });
  return metafile;
}

/** A file that is no longer built must not be shipped. (Emptying dist/ first would pull it from under a running editor.) */
async function removeAllBut(kept: ReadonlySet<string>): Promise<void> {
  for (const entry of await readdir(inProject("dist"), { recursive: true, withFileTypes: true })) {
    const file = relative(inProject(), join(entry.parentPath, entry.name)).replaceAll("\\", "/");
    if (entry.isFile() && !kept.has(file)) await rm(inProject(file));
  }
}
