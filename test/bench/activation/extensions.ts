import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inProject } from "../../../scripts/project.ts";

/** Writes the extensions that the suite activates into a folder: Switchyard as built, and two that do nothing. */
export async function writeExtensions(dir: string): Promise<string[]> {
  const manifest = JSON.parse(await readFile(inProject("package.json"), "utf8")) as Record<string, unknown>;
  const switchyard = join(dir, "switchyard");
  await mkdir(switchyard);
  for (const part of ["dist", "media"])
    await cp(inProject(part), join(switchyard, part), { recursive: true });
  // Only the suite activates it. During startup the host's own work would add to the time.
  await writeFile(join(switchyard, "package.json"), JSON.stringify({ ...manifest, activationEvents: [] }));
  return [switchyard, await writeEmptyExtension(dir, "warmup"), await writeEmptyExtension(dir, "baseline")];
}

async function writeEmptyExtension(dir: string, name: string): Promise<string> {
  const folder = join(dir, name);
  await mkdir(folder);
  const manifest = {
    name,
    publisher: "switchyard",
    version: "0.0.1",
    engines: { vscode: "^1.106.0" },
    main: "./extension.cjs",
    activationEvents: [],
    extensionKind: ["ui", "workspace"],
  };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "extension.cjs"), "exports.activate = () => {};\n");
  return folder;
}
