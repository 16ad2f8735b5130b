/** `npm run package`: builds and packs switchyard-VERSION.vsix. A warning of vsce's, or a package too large, fails. */
import { spawnSync } from "node:child_process";
import { readFile, rm, stat } from "node:fs/promises";
import { buildAll } from "./build/build.ts";
import { inProject } from "./build/project.ts";

/** Issue 3: below 6 MB, with the embedding table too. */
const mostBytes = 6 * 1024 * 1024;

/** Packs the extension and gives the package's path; throws with vsce's own words if it has anything to complain of. */
export async function packVsix(): Promise<{ path: string; bytes: number }> {
  const { version } = JSON.parse(await readFile(inProject("package.json"), "utf8")) as { version: string };
  const path = inProject(`switchyard-${version}.vsix`);
  await buildAll();
  const vsce = inProject("node_modules/@vscode/vsce/vsce");
  const packed = spawnSync(process.execPath, [vsce, "package", "--no-dependencies", "--out", path], {
    cwd: inProject(),
    encoding: "utf8",
  });
  const words = `${packed.stdout}${packed.stderr}`;
  if (packed.status !== 0 || /\bwarning\b/i.test(words)) {
    await rm(path, { force: true });
    throw new Error(`vsce did not pack without complaint:\n${words}`);
  }
  const { size: bytes } = await stat(path);
  if (bytes > mostBytes) throw new Error(`${path} has ${bytes} bytes, more than ${mostBytes}`);
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
