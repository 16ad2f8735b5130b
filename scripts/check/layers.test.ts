import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isRecord } from "../../src/base/isRecord.ts";
import { inProject } from "../project.ts";

type Seed = readonly [what: string, file: string, source: string];

const RULE = "lint/style/noRestrictedImports";

const ALLOWED: readonly Seed[] = [
  ["a file of the same layer", "routing/same.ts", 'export { length } from "./length.ts";'],
  ["a layer below", "routing/decide/below.ts", 'import "../../contract/ask.ts";'],
  ["a package", "engine/package.ts", 'import "valibot";'],
  ["an equally named folder of a layer below", "editor/chat/below.ts", 'import "../models/cards.ts";'],
  ["vscode in the editor", "editor/vscode.ts", 'import "vscode";'],
  ["vscode in the extension's entry", "extension.ts", 'import "vscode";'],
  ["the simulator in the editor", "editor/simulator.ts", 'await import("../simulator/server.ts");'],
  ["the view contract in the webview", "webview/chat/view.ts", 'import "../../contract/view/protocol.ts";'],
  ["wording in the webview", "webview/chat/wording.ts", 'import "../../explain/reason.ts";'],
  ["anything in a test", "routing/any.test.ts", 'import "../simulator/server.ts";'],
];

const REJECTED: readonly Seed[] = [
  ["an import from a layer above", "routing/up.ts", 'import { run } from "../dispatch/dispatch.ts";'],
  ["an import from deep inside a layer", "routing/decide/deep.ts", 'import "../../engine/engine.ts";'],
  ["a type-only import", "ledger/type.ts", 'import type { Run } from "../engine/engine.ts";'],
  [
    "an import over several lines",
    "models/lines.ts",
    'import {\n  type A,\n  b,\n} from "../providers/x.ts";',
  ],
  ["a re-export", "contract/export.ts", 'export { x } from "../settings/schema.ts";'],
  ["a type-only re-export", "contract/type.ts", 'export type { X } from "../settings/schema.ts";'],
  ["an import for its side effect", "contract/effect.ts", 'import "../settings/schema.ts";'],
  ["a dynamic import", "providers/dynamic.ts", 'await import("../dispatch/x.ts");'],
  ["an import of an entry point", "editor/entry.ts", 'import { start } from "../extension.ts";'],
  ["vscode outside the editor", "assistant/vscode.ts", 'import type { Uri } from "vscode";'],
  ["vscode in the command line", "cli/vscode.ts", 'import type { Uri } from "vscode";'],
  ["the editor in the command line", "cli/editor.ts", 'import "../editor/chat.ts";'],
  ["the simulator in the engine", "engine/simulator.ts", 'import "../simulator/server.ts";'],
  ["the engine in the simulator", "simulator/engine.ts", 'import "../engine/engine.ts";'],
  ["the engine's side in the webview", "webview/chat/main.tsx", 'import "../../models/cards.ts";'],
  [
    "the engine's contract in the webview",
    "webview/ask.ts",
    'import type { Ask } from "../contract/ask.ts";',
  ],
  ["the webview in the editor", "editor/webview.ts", 'import "../webview/chat/app.tsx";'],
  ["the wording in the contract", "contract/wording.ts", 'import "../explain/reason.ts";'],
  ["the contract in base", "base/contract.ts", 'import "../contract/ask.ts";'],
  ["test fixtures in the product", "routing/fixture.ts", 'import "../../test/support/routing/worlds.ts";'],
  ["a script in the product", "models/script.ts", 'import "../../scripts/x.ts";'],
  ["a file of no layer", "unknown/x.ts", 'import "./y.ts";'],
];

const OTHER_RULES: readonly (readonly [...Seed, rule: string])[] = [
  ["a require call", "settings/require.ts", 'require("../models/cards.ts");', "lint/style/noCommonJs"],
  ["an import(…) type", "providers/query.ts", 'type T = import("../engine/engine.ts").Engine;', "plugin"],
  [
    "a cycle of type-only imports",
    "routing/cycle.ts",
    'import type { B } from "./cycleB.ts";\nexport type A = B;',
    "lint/suspicious/noImportCycles",
  ],
];

describe("the import rules of Biome", () => {
  let folder = "";
  let reported: ReadonlyMap<string, readonly string[]> = new Map();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "switchyard-layers-"));
    for (const file of ["biome.json", "biome.layers.jsonc", "scripts/check/no-import-types.grit"]) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await cp(inProject(file), join(folder, file));
    }
    const cycle: Seed = ["", "routing/cycleB.ts", 'import type { A } from "./cycle.ts";\nexport type B = A;'];
    for (const [, file, source] of [...ALLOWED, ...REJECTED, ...OTHER_RULES, cycle]) {
      await mkdir(dirname(join(folder, "src", file)), { recursive: true });
      await writeFile(join(folder, "src", file), source);
    }
    reported = await lint(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(ALLOWED)("allow %s", (_what, file) => {
    const broken = reported.get(file) ?? [];
    expect(broken).not.toContain(RULE);
    expect(broken).not.toContain("plugin");
  });

  it.each(REJECTED)("reject %s", (_what, file) => {
    expect(reported.get(file)).toContain(RULE);
  });

  it.each(OTHER_RULES)("reject %s", (_what, file, _source, rule) => {
    expect(reported.get(file)).toContain(rule);
  });
});

/** Lints a folder. @returns the names of the broken rules, by path inside src/ */
async function lint(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const biome = inProject("node_modules/@biomejs/biome/bin/biome");
  const args = [biome, "lint", "--vcs-enabled=false", "--max-diagnostics=none", "--reporter=json", "src"];
  const output = await new Promise<string>((resolve) => {
    // Biome exits with 1 when a rule is broken.
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 1e8 }, (_error, stdout) => resolve(stdout));
  });
  const report: unknown = JSON.parse(output);
  const diagnostics: readonly unknown[] =
    isRecord(report) && Array.isArray(report["diagnostics"]) ? report["diagnostics"] : [];
  const rules = new Map<string, string[]>();
  for (const diagnostic of diagnostics) {
    if (!isRecord(diagnostic) || !isRecord(diagnostic["location"])) continue;
    const file = String(diagnostic["location"]["path"])
      .replaceAll("\\", "/")
      .replace(/^src\//, "");
    rules.set(file, [...(rules.get(file) ?? []), String(diagnostic["category"])]);
  }
  return rules;
}
