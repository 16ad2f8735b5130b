import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";

/** The parts of the manifest that these tests read. */
type Manifest = {
  readonly contributes: {
    readonly keybindings: readonly { readonly key: string; readonly when?: string }[];
    readonly commands: readonly { readonly command: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly default?: unknown }>> };
  };
};

function switchyard(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension("switchyard.switchyard");
  ok(extension, "the extension is not installed");
  return extension;
}

const manifest = (): Manifest => switchyard().packageJSON as Manifest;

describe("the extension in VS Code", () => {
  it("activates", async () => {
    await switchyard().activate();
    equal(switchyard().isActive, true);
  });

  it("registers every command of its manifest", async () => {
    await switchyard().activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = manifest().contributes.commands.filter(({ command }) => !registered.has(command));
    deepEqual(missing, []);
  });

  it("has the settings of its manifest with their defaults", () => {
    const configuration = vscode.workspace.getConfiguration();
    for (const [name, { default: expected }] of Object.entries(
      manifest().contributes.configuration.properties,
    ))
      deepEqual(configuration.inspect(name)?.defaultValue, expected, name);
  });

  it("takes no key that has another meaning in VS Code, except where one of its own views or edits is", async () => {
    const defaults = vscode.Uri.parse("vscode://defaultsettings/keybindings.json");
    const text = (await vscode.workspace.openTextDocument(defaults)).getText();
    const taken = [...text.matchAll(/"key": "([^"]+)",\s*"command": "(?!switchyard\.)([^"]+)"/g)];
    ok(
      taken.some(([, key]) => key === "ctrl+k ctrl+c"),
      "the default keys are not known",
    );
    const own = manifest().contributes.keybindings.filter(({ when = "" }) => !/switchyard/.test(when));
    ok(own.length > 0);
    const conflicts = taken.filter(([, key = ""]) =>
      own.some((each) => `${key} `.startsWith(`${each.key} `)),
    );
    deepEqual(
      conflicts.map(([, key, command]) => `${key}: ${command}`),
      [],
    );
  });

  it("keeps its ledger in the folder of SWITCHYARD_HOME", () => {
    ok(process.env["SWITCHYARD_HOME"], "the suite must not touch the user's own ledger");
  });
});
