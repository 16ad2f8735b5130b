import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { inProject } from "./build/project.ts";

/** The floors of src/, the highest first. A file imports from its own floor and from floors below. */
const floors: readonly (readonly string[])[] = [
  ["extension", "cli", "demo"],
  ["editor"],
  ["server"],
  ["assistant"],

  ["engine"],
  ["dispatch"],
  ["routing"],
  ["ledger"],
  ["providers"],
  ["embedding"],
  ["models"],
  ["settings"],
  ["explain"],
  ["contract"],
  ["base"],
];
const frontDoors = floors[0] ?? [];

/** An import that the house does not allow. */
export type Violation = { readonly file: string; readonly imported: string; readonly rule: string };

/** What was looked at, and what was found. */
export type LayerReport = { readonly files: number; readonly violations: readonly Violation[] };

/** Reads every import in a source folder, type-only ones too, and names those that break the rule of the floors. */
export async function checkLayers(src: string): Promise<LayerReport> {
  const entries = await readdir(src, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && /\.[cm]?tsx?$/.test(entry.name))
    .map((entry) => slashes(relative(src, join(entry.parentPath, entry.name))));
  const violations: Violation[] = [];
  for (const file of files) {
    for (const imported of importsOf(await readFile(join(src, file), "utf8"))) {
      const rule = brokenRule(file, imported);
      if (rule !== undefined) violations.push({ file, imported, rule });
    }
  }
  return { files: files.length, violations };
}

/** `import … from`, `export … from`, `import "…"`, `import("…")` (in types too) and `require("…")`. */
function importsOf(source: string): string[] {
  const statements = /^(?:import|export)\b(?:[\w\s$*{},]*?\bfrom)?\s*["']([^"'\n]+)["']/gm;
  const calls = /\b(?:import|require)\s*\(\s*["'`]([^"'`\n]+)["'`]/g;
  return [...source.matchAll(statements), ...source.matchAll(calls)].flatMap((match) => match[1] ?? []);
}

function brokenRule(file: string, imported: string): string | undefined {
  const from = floorOf(file);
  const isTest = /\.test\.tsx?$/.test(file);
  if (floorIndex(from) === -1 && from !== "webview" && from !== "simulator")
    return `src/${file} has no floor in scripts/layers.ts`;
  if (imported === "vscode")
    return from === "editor" || from === "extension"
      ? undefined
      : "`vscode` is imported in src/editor/ and src/extension.ts only";
  if (!imported.startsWith(".")) return undefined;

  const target = slashes(join(dirname(file), imported));
  if (target.startsWith("../")) return isTest ? undefined : "src/ imports nothing from outside of it";
  if (isTesting(target) && !isTest && !isTesting(file))
    return "what stands in a folder testing/ is for tests: nothing that is shipped imports it";
  const to = floorOf(target);
  if (from === to) return undefined;
  if (from === "webview")
    return target.startsWith("contract/view/") || to === "explain" || to === "base"
      ? undefined
      : "webview imports contract/view, explain, base and itself only";
  if (to === "webview") return "webview is a bundle of its own: nothing imports it";
  if (from === "simulator")
    return to === "contract" || to === "models" || to === "base"
      ? undefined
      : "the simulator imports contract, models and base only";
  if (to === "simulator")
    return frontDoors.includes(from) || isTest
      ? undefined
      : "the simulator is for the front doors (extension.ts, cli.ts, demo.ts) and for tests";
  if (floorIndex(to) === -1) return `src/${target} has no floor in scripts/layers.ts`;
  return floorIndex(to) < floorIndex(from)
    ? `${from} is a floor below ${to}: nobody imports upwards`
    : undefined;
}

function isTesting(path: string): boolean {
  return path.split("/").includes("testing");
}

/** The first step of a path inside src/, without an ending: `engine.test.ts` → `engine`. */
function floorOf(path: string): string {
  return (path.split("/")[0] ?? "").replace(/(\.test)?\.[cm]?[jt]sx?$/, "");
}

function floorIndex(name: string): number {
  return floors.findIndex((floor) => floor.includes(name));
}

function slashes(path: string): string {
  return path.replaceAll("\\", "/");
}

/** The check as a step of `npm run check`: the words to print, and whether it passed. */
export async function layersStep(src = inProject("src")): Promise<{ ok: boolean; words: string }> {
  const { files, violations } = await checkLayers(src);
  if (files === 0) return { ok: false, words: `no source file in ${src}: a check of nothing has failed` };
  const lines = violations.map(({ file, imported, rule }) => `src/${file} imports ${imported}: ${rule}`);
  return {
    ok: lines.length === 0,
    words: [...lines, `${files} files, ${lines.length} violations`].join("\n"),
  };
}
