import { describe, expect, it, vi } from "vitest";
import { readSettings } from "../../settings/read.ts";
import { type ScopedValues, unionOfScopes } from "./settingsSource.ts";

vi.mock("vscode", () => import("../../../test/support/fakeVscode.ts"));

const DEFAULT = ["**/.env*"];

describe("unionOfScopes", () => {
  it("returns the entries of all scopes, the widest first", () => {
    expect(unionOfScopes({ globalValue: ["a", "b"], workspaceFolderValue: ["c"] })).toEqual(["a", "b", "c"]);
  });

  it("takes a text as a list of one entry", () => {
    expect(unionOfScopes({ globalValue: ["a"], workspaceValue: "secrets/**" })).toEqual(["a", "secrets/**"]);
  });

  it("keeps any other value as an entry, beside the valid ones", () => {
    expect(unionOfScopes({ globalValue: ["a"], workspaceValue: 5, workspaceFolderValue: ["c"] })).toEqual([
      "a",
      5,
      "c",
    ]);
    for (const workspaceValue of [null, { b: true }])
      expect(unionOfScopes({ globalValue: ["a"], workspaceValue })).toEqual(["a", workspaceValue]);
  });

  it("does not change the lists that it is given", () => {
    const globalValue = Object.freeze(["mine/**"]);
    expect(unionOfScopes({ globalValue, workspaceValue: ["theirs/**"] })).toEqual(["mine/**", "theirs/**"]);
  });
});

describe("private paths over all scopes", () => {
  const read = (values: ScopedValues) => readSettings({ "switchyard.privatePaths": unionOfScopes(values) });

  it("add the workspace's to the user's", () => {
    const values = { defaultValue: DEFAULT, globalValue: ["mine/**"], workspaceValue: ["theirs/**"] };
    expect(read(values).settings.privatePaths).toEqual(["mine/**", "theirs/**"]);
  });

  it("are the default until the user sets a list, which may be empty", () => {
    expect(read({ defaultValue: DEFAULT }).settings.privatePaths).toEqual(DEFAULT);
    expect(read({ defaultValue: DEFAULT, globalValue: [] }).settings.privatePaths).toEqual([]);
  });

  it.each([5, { "secrets/**": true }, null, false])(
    "report a workspace's %j by its place and keep all of the user's",
    (workspaceValue) => {
      const { settings, problems } = read({
        defaultValue: DEFAULT,
        globalValue: ["mine/**"],
        workspaceValue,
        workspaceFolderValue: ["folder/**"],
      });
      expect(settings.privatePaths).toEqual(["mine/**", "folder/**"]);
      expect(problems.map(({ place }) => place)).toEqual(["switchyard.privatePaths[1]"]);
    },
  );

  it.each([5, [5], [""], ""])(
    "keep the default and the workspace's beside an invalid value of the user's: %j",
    (globalValue) => {
      const { settings, problems } = read({
        defaultValue: DEFAULT,
        globalValue,
        workspaceValue: "theirs/**",
      });
      expect(settings.privatePaths).toEqual([...DEFAULT, "theirs/**"]);
      expect(problems).toHaveLength(1);
    },
  );
});
