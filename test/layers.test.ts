import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkLayers, layersStep } from "../scripts/layers.ts";

let src: string;

beforeEach(async () => {
  src = await mkdtemp(join(tmpdir(), "switchyard-layers-"));
});
afterEach(() => rm(src, { recursive: true, force: true }));

async function seed(file: string, source: string): Promise<void> {
  await mkdir(dirname(join(src, file)), { recursive: true });
  await writeFile(join(src, file), source);
}

describe("the rule of the floors", () => {
  it("holds in this project", async () => {
    expect(await layersStep()).toMatchObject({ ok: true });
  });

  it("fails where there is nothing to check", async () => {
    expect(await layersStep(src)).toMatchObject({ ok: false });
  });

  it("lets a file import its own floor, floors below and packages", async () => {
    await seed("engine.ts", 'import { decide } from "./routing/decide.ts";\nimport * as v from "valibot";');
    await seed("routing/decide.ts", 'import { length } from "./length.ts";\nimport "../contract/ask.ts";');
    await seed("extension.ts", 'import * as vscode from "vscode";\nawait import("./simulator/server.ts");');
    await seed("routing/decide.test.ts", 'import { simulate } from "../simulator/server.ts";');
    await seed("routing/pick.test.ts", 'import { world } from "./testing/worlds.ts";');
    await seed("routing/testing/worlds.ts", 'import { card } from "./cards.ts";');
    expect((await checkLayers(src)).violations).toEqual([]);
  });

  it.each([
    ["an import that points up", "routing/decide.ts", 'import { dispatch } from "../dispatch/dispatch.ts";'],
    ["a type-only import that points up", "ledger/budget.ts", 'import type { Run } from "../engine.ts";'],
    [
      "an import over several lines",
      "models/cards.ts",
      'import {\n  type A,\n  b as c,\n} from "../providers/x.ts";',
    ],
    ["a re-export that points up", "contract/ask.ts", 'export { x } from "../settings/schema.ts";'],
    ["an import for its effect", "contract/ask.ts", 'import "../settings/schema.ts";'],
    ["a dynamic import that points up", "providers/x.ts", 'const m = await import("../dispatch/x.ts");'],
    ["a type query that points up", "providers/x.ts", 'type T = import("../engine.ts").Engine;'],
    ["a require that points up", "settings/x.ts", 'const m = require("../models/cards.ts");'],
    ["an import of a front door", "editor/chat.ts", 'import { start } from "../extension.ts";'],
    ["vscode outside the editor's floor", "assistant/x.ts", 'import type { Uri } from "vscode";'],
    ["the simulator in the engine", "engine.ts", 'import { simulate } from "./simulator/server.ts";'],
    ["the engine in the simulator", "simulator/server.ts", 'import { run } from "../engine.ts";'],
    ["the host in the webview", "webview/chat/main.tsx", 'import { cards } from "../../models/cards.ts";'],
    [
      "the wide contract in the webview",
      "webview/chat/main.tsx",
      'import type { Ask } from "../../contract/ask.ts";',
    ],
    ["the webview in the host", "editor/chat.ts", 'import { App } from "../webview/chat/app.tsx";'],
    ["test material in what is shipped", "routing/decide.ts", 'import { world } from "./testing/worlds.ts";'],
    ["a file without a floor", "utils/x.ts", 'import "./y.ts";'],
    ["a way out of src", "models/x.ts", 'import { x } from "../../scripts/x.ts";'],
  ])("refuses %s", async (_what, file, source) => {
    await seed(file, source);
    const { violations } = await checkLayers(src);
    expect(violations).toHaveLength(1);
    expect(violations[0]).toMatchObject({ file });
    expect(violations[0]?.rule).not.toBe("");
  });
});
