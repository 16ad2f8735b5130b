import { describe, expect, test } from "vitest";
import { readSettings } from "../../settings/read.ts";
import { unionOfScopes, withEveryScope } from "./unionOfScopes.ts";

const DEFAULT = ["**/.env*"];

describe("a list over several scopes", () => {
  test("holds what each of them lists, the widest first", () => {
    expect(unionOfScopes([["a", "b"], undefined, ["c"]])).toEqual(["a", "b", "c"]);
  });

  test("a text in place of a list is one entry", () => {
    expect(unionOfScopes([["a"], "secrets/**"])).toEqual(["a", "secrets/**"]);
  });

  test("what is no list is passed on, and costs the others nothing", () => {
    expect(unionOfScopes([["a"], 5, null, { b: true }, ["c"]])).toEqual(["a", 5, null, { b: true }, "c"]);
  });
});

describe("private paths over all scopes", () => {
  const read = (inspected: Parameters<typeof withEveryScope>[0]) =>
    readSettings({ "switchyard.privatePaths": withEveryScope(inspected) });

  test("a workspace adds to the user's own", () => {
    const inspected = { defaultValue: DEFAULT, globalValue: ["mine/**"], workspaceValue: ["theirs/**"] };
    expect(read(inspected).settings.privatePaths).toEqual(["mine/**", "theirs/**"]);
  });

  test("the default holds until the user lists something, and an empty list is something", () => {
    expect(read({ defaultValue: DEFAULT }).settings.privatePaths).toEqual(DEFAULT);
    expect(read({ defaultValue: DEFAULT, globalValue: [] }).settings.privatePaths).toEqual([]);
  });

  test.each([5, { "secrets/**": true }, null, false])(
    "a workspace's %j is reported by its place and takes none of the user's away",
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

  test.each([5, [5], [""], ""])(
    "a user's %j takes neither the default nor a workspace's away",
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

  test("the list may be shared by the settings: it is never changed", () => {
    const globalValue = Object.freeze(["mine/**"]);
    expect(withEveryScope({ globalValue, workspaceValue: ["theirs/**"] })).toEqual(["mine/**", "theirs/**"]);
  });
});
