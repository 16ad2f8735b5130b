import { beforeEach, describe, expect, it, vi } from "vitest";
import { configuration, type ScopedValues } from "../../../test/support/fakeVscode.ts";
import { SettingsSource } from "./settingsSource.ts";

vi.mock("vscode", () => import("../../../test/support/fakeVscode.ts"));

const DEFAULT = ["**/.env*"];

/** Reads `switchyard.privatePaths` with these values. */
function read(values: ScopedValues) {
  configuration.set("switchyard.privatePaths", values);
  const { settings, problems } = new SettingsSource().read;
  return { paths: settings.privatePaths, places: problems.map(({ place }) => place) };
}

beforeEach(() => configuration.clear());

describe("private paths over all scopes", () => {
  it("list the entries of all scopes, the widest first", () => {
    expect(read({ globalValue: ["a", "b"], workspaceFolderValue: ["c"] }).paths).toEqual(["a", "b", "c"]);
    const values = { defaultValue: DEFAULT, globalValue: ["mine/**"], workspaceValue: ["theirs/**"] };
    expect(read(values).paths).toEqual(["mine/**", "theirs/**"]);
  });

  it("take a text as a list of one entry", () => {
    expect(read({ globalValue: ["a"], workspaceValue: "secrets/**" }).paths).toEqual(["a", "secrets/**"]);
  });

  it("are the default until the user sets a list, which may be empty", () => {
    expect(read({ defaultValue: DEFAULT }).paths).toEqual(DEFAULT);
    expect(read({ defaultValue: DEFAULT, globalValue: [] }).paths).toEqual([]);
  });

  it.each([5, { "secrets/**": true }, null, false])(
    "report a workspace's %j by its place, and keep the others'",
    (workspaceValue) => {
      const { paths, places } = read({
        defaultValue: DEFAULT,
        globalValue: ["mine/**"],
        workspaceValue,
        workspaceFolderValue: ["folder/**"],
      });
      expect(paths).toEqual(["mine/**", "folder/**"]);
      expect(places).toEqual(["switchyard.privatePaths[1]"]);
    },
  );

  it.each([5, [5], [""], ""])(
    "keep the default and the workspace's beside an invalid value of the user's: %j",
    (globalValue) => {
      const { paths, places } = read({ defaultValue: DEFAULT, globalValue, workspaceValue: "theirs/**" });
      expect(paths).toEqual([...DEFAULT, "theirs/**"]);
      expect(places).toHaveLength(1);
    },
  );

  it("do not change the lists of the configuration", () => {
    const globalValue = Object.freeze(["mine/**"]);
    expect(read({ globalValue, workspaceValue: ["theirs/**"] }).paths).toEqual(["mine/**", "theirs/**"]);
  });
});
