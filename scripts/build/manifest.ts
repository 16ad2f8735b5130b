/**
 * Writes what follows from the declarations of the settings: `contributes.configuration` and `capabilities` in
 * package.json, and docs/settings.md. With `--check` it writes nothing and fails if a file is out of date.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { isRecord } from "../../src/base/isRecord.ts";
import { inProject } from "../project.ts";
import { manifestText, withSettings } from "./settings/manifest.ts";
import { settingsReference } from "./settings/reference.ts";

const manifestFile = inProject("package.json");
const manifest: unknown = JSON.parse(await readFile(manifestFile, "utf8"));
if (!isRecord(manifest)) throw new Error("package.json does not contain an object.");

const files = [
  { path: manifestFile, name: "package.json", text: manifestText(withSettings(manifest)) },
  { path: inProject("docs/settings.md"), name: "docs/settings.md", text: settingsReference() },
];
await mkdir(inProject("docs"), { recursive: true });
for (const { path, name, text } of files) {
  const current = await readFile(path, "utf8").catch(() => undefined);
  if (current === text) console.log(`${name} is up to date.`);
  else if (process.argv.includes("--check")) {
    console.error(`${name} is out of date. Run: node scripts/build/manifest.ts`);
    process.exitCode = 1;
  } else {
    await writeFile(path, text);
    console.log(`${name} was updated.`);
  }
}
