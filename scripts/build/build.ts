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

/** Builds dist/ for shipping and writes THIRD-PARTY-NOTICES.md. */
export async function buildAll(): Promise<Built[]> {
  const lazy: LazyFiles = new Map();
  const metafiles = await Promise.all(bundles(lazy).map(bundle));
  // Building a lazy file can add others to the map. The iteration visits them too.
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

/** Removes files of earlier builds. Emptying dist/ before the build would break an editor that runs from it. */
async function removeAllBut(kept: ReadonlySet<string>): Promise<void> {
  for (const entry of await readdir(inProject("dist"), { recursive: true, withFileTypes: true })) {
    const file = relative(inProject(), join(entry.parentPath, entry.name)).replaceAll("\\", "/");
    if (entry.isFile() && !kept.has(file)) await rm(inProject(file));
  }
}
