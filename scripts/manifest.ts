/**
 * Writes the settings' part of package.json (`contributes.configuration`, `capabilities`) from their schema.
 * `node scripts/manifest.ts --check` writes nothing and fails where it differs.
 */
import { readFile, writeFile } from "node:fs/promises";
import { isRecord } from "../src/base/isRecord.ts";
import { manifestText, withSettings } from "../src/settings/manifest.ts";

const path = new URL("../package.json", import.meta.url);
const manifest: unknown = JSON.parse(await readFile(path, "utf8"));
if (!isRecord(manifest)) throw new Error("package.json holds no object");
const wanted = withSettings(manifest);

if (JSON.stringify(manifest) === JSON.stringify(wanted))
  console.log("package.json says what the settings' schema says.");
else if (process.argv.includes("--check")) {
  console.error("package.json differs from the settings' schema. Run: node scripts/manifest.ts");
  process.exitCode = 1;
} else {
  await writeFile(path, manifestText(wanted));
  console.log("package.json now says what the settings' schema says.");
}
