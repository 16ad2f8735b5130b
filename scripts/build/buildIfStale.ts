import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inProject } from "../project.ts";
import { buildAll } from "./build.ts";

const sources = ["src", "media", "scripts/build", "package.json", "package-lock.json", "esbuild.js"];
const stampFile = inProject("out/build-stamp");

/** Builds unless dist/ was made from exactly these sources; says whether it built. */
export async function buildIfStale(): Promise<boolean> {
  // Taken before the build: what is saved while it runs makes the next one stale.
  const now = await fingerprint();
  const isFresh = existsSync(stampFile) && (await readFile(stampFile, "utf8")) === now;
  if (isFresh && existsSync(inProject("dist/extension.cjs"))) return false;
  await buildAll();
  await mkdir(inProject("out"), { recursive: true });
  await writeFile(stampFile, now);
  return true;
}

async function fingerprint(): Promise<string> {
  const hash = createHash("sha256");
  for (const source of sources) {
    for (const file of await filesIn(inProject(source))) {
      const { size, mtimeMs } = await stat(file);
      hash.update(`${file}\0${size}\0${mtimeMs}\n`);
    }
  }
  return hash.digest("hex");
}

async function filesIn(path: string): Promise<string[]> {
  if (!existsSync(path)) return [];
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
