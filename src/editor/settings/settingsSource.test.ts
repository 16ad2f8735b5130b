import { beforeEach, describe, expect, it, vi } from "vitest";
import { configuration, type ScopedValues, workspace } from "../../../test/support/views/fakeVscode.ts";
import { SettingsSource } from "./settingsSource.ts";

vi.mock("vscode", () => import("../../../test/support/views/fakeVscode.ts"));

const DEFAULT = ["**/.env*"];

/** Reads `switchyard.privatePaths` with these values. */
function read(values: ScopedValues) {
  configuration.set("switchyard.privatePaths", values);
  const { settings, problems } = new SettingsSource().read;
  return { paths: settings.privatePaths, places: problems.map(({ place }) => place) };
}

beforeEach(() => {
  configuration.clear();
  workspace.isTrusted = true;
});

describe("private paths over all scopes", () => {
  it("list the entries of all scopes, the widest first", () => {
    expect(read({ globalValue: ["a", "b"], workspaceFolderValue: ["c"] }).paths).toEqual(["a", "b", "c"]);
    const values = { defaultValue: DEFAULT, globalValue: ["mine/**"], workspaceValue: ["theirs/**"] };
    expect(read(values).paths).toEqual(["mine/**", "theirs/**"]);
  });

  it("take a text as a list of one entry", () => {
    expect(read({ globalValue: ["a"], workspaceValue: "secrets/**" }).paths).toEqual(["a", "secrets/**"]);
    const several = read({ globalValue: "a, b" });
    expect(several.paths).toEqual(["a, b", "a", "b"]);
    expect(several.places).toEqual(["switchyard.privatePaths[0]"]);
  });

  it("are the default until the user sets a list, which may be empty", () => {
    expect(read({ defaultValue: DEFAULT }).paths).toEqual(DEFAULT);
    expect(read({ defaultValue: DEFAULT, globalValue: [] }).paths).toEqual([]);
  });

  it.each([5, { "secrets/**": true }, null, false])(
    "report a workspace's %j by its place, keep the others', and are every file if it has no pattern",
    (workspaceValue) => {
      const { paths, places } = read({
        defaultValue: DEFAULT,
        globalValue: ["mine/**"],
        workspaceValue,
        workspaceFolderValue: ["folder/**"],
      });
      const pattern = typeof workspaceValue === "object" && workspaceValue !== null ? "secrets/**" : "**";
      expect(paths).toEqual(["mine/**", pattern, "folder/**"]);
      expect(places).toEqual(["switchyard.privatePaths[1]"]);
    },
  );

  it.each([5, [5], [""], ""])(
    "keep the default and the workspace's beside an invalid value of the user's: %j",
    (globalValue) => {
      const { paths, places } = read({ defaultValue: DEFAULT, globalValue, workspaceValue: "theirs/**" });
      expect(paths.filter((path) => path !== "**")).toEqual([...DEFAULT, "theirs/**"]);
      expect(paths.includes("**")).toBe(JSON.stringify(globalValue).includes("5"));
      expect(places).toHaveLength(1);
    },
  );

  it("do not change the lists of the configuration", () => {
    const globalValue = Object.freeze(["mine/**"]);
    expect(read({ globalValue, workspaceValue: ["theirs/**"] }).paths).toEqual(["mine/**", "theirs/**"]);
  });
});

describe("the verify command", () => {
  it("does not count for decisions in Restricted Mode, where it does not run", () => {
    configuration.set("switchyard.verify.command", { globalValue: "npm test" });
    expect(new SettingsSource().current.verify.command).toBe("npm test");
    workspace.isTrusted = false;
    const source = new SettingsSource();
    expect(source.current.verify.command).toBe("");
    expect(source.read.settings.verify.command).toBe("npm test");
  });
});

it("reads a budget of null as no limit, not as the default", () => {
  configuration.set("switchyard.budget.dailyUsd", { defaultValue: 5, globalValue: null });
  expect(new SettingsSource().read.settings.budget.dailyUsd).toBeNull();
});

describe("a workspace", () => {
  const theirs = { kind: "openai-compatible", baseUrl: "https://theirs.example/v1" };

  it("cannot change a provider or a budget, even if VS Code returns its value", () => {
    configuration.set("switchyard.providers", {
      globalValue: { mine: theirs },
      workspaceValue: { openai: theirs },
    });
    configuration.set("switchyard.budget.dailyUsd", { defaultValue: 5, workspaceValue: 900 });
    const { settings } = new SettingsSource().read;
    expect(Object.keys(settings.providers)).toEqual(["mine"]);
    expect(settings.budget.dailyUsd).toBe(5);
  });

  it("sets routes only when it is trusted", () => {
    const routes = (name: string) => [{ name, models: ["openai/gpt-6-luna"] }];
    configuration.set("switchyard.routes", { globalValue: routes("Mine"), workspaceValue: routes("Theirs") });
    expect(new SettingsSource().read.settings.routes[0]?.name).toBe("Theirs");
    workspace.isTrusted = false;
    expect(new SettingsSource().read.settings.routes[0]?.name).toBe("Mine");
  });

  it("cannot stop the extension with a value that is nested too deep", () => {
    let deep: unknown = [];
    for (let level = 0; level < 20_000; level += 1) deep = [deep];
    for (const name of ["routes", "privatePaths", "complexity.keywords", "rutes"])
      configuration.set(`switchyard.${name}`, { workspaceValue: deep });
    const { problems } = new SettingsSource().read;
    expect(problems.map(({ setting }) => setting)).toEqual(
      expect.arrayContaining(["switchyard.routes", "switchyard.privatePaths", "switchyard.rutes"]),
    );
  });

  it("can only restrict with a setting whose name is misspelt", () => {
    configuration.set("switchyard.provders", { workspaceValue: { openai: theirs } });
    configuration.set("switchyard.privatPaths", { workspaceValue: ["theirs/**"] });
    configuration.set("switchyard.maxOutputToken", { workspaceValue: 900_000 });
    const { settings, problems } = new SettingsSource().read;
    expect(problems).toHaveLength(3);
    expect(settings.providers["openai"]).toEqual({ unusable: expect.stringContaining("provders") });
    expect(settings.privatePaths).toContain("theirs/**");
    expect(settings.maxOutputTokens).toBe(16_384);
  });
});
