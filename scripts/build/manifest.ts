/**
 * Writes the settings' part of package.json (`contributes.configuration`, `capabilities`) from their schema.
 * With `--check` it writes nothing and fails if package.json differs from the schema.
 */
import { readFile, writeFile } from "node:fs/promises";
import { isRecord } from "../../src/base/isRecord.ts";
import { manifestText, withSettings } from "../../src/settings/manifest.ts";
import { inProject } from "../project.ts";

const file = inProject("package.json");
const manifest: unknown = JSON.parse(await readFile(file, "utf8"));
if (!isRecord(manifest)) throw new Error("package.json does not contain an object.");
const wanted = withSettings(manifest);

if (JSON.stringify(manifest) === JSON.stringify(wanted)) {
  console.log("package.json matches the settings' schema.");
} else if (process.argv.includes("--check")) {
  console.error("package.json differs from the settings' schema. Run: node scripts/build/manifest.ts");
  process.exitCode = 1;
} else {
  await writeFile(file, manifestText(wanted));
  console.log("package.json is updated from the settings' schema.");
}
