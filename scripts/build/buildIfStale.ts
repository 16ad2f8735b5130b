import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inProject } from "../project.ts";
import { buildAll } from "./build.ts";

/** The files and folders that the build reads. */
const SOURCES = ["src", "media", "scripts/build", "package.json", "package-lock.json", "esbuild.js"];
const fingerprintFile = inProject("out/build-fingerprint");

/** Builds dist/ unless it was built from the present sources. @returns whether it built */
export async function buildIfStale(): Promise<boolean> {
  // Taken before the build, so that a file saved during the build makes dist/ stale.
  const now = await fingerprint();
  const isFresh = existsSync(fingerprintFile) && (await readFile(fingerprintFile, "utf8")) === now;
  if (isFresh && existsSync(inProject("dist/extension.cjs"))) return false;
  await buildAll();
  await mkdir(inProject("out"), { recursive: true });
  await writeFile(fingerprintFile, now);
  return true;
}

/** A hash of the paths, sizes and modification times of the sources. */
async function fingerprint(): Promise<string> {
  const hash = createHash("sha256");
  for (const source of SOURCES) {
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
