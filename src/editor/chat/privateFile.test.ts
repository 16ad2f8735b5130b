import { expect, test } from "vitest";
import { isPrivateFile } from "./privateFile.ts";

/** A file of the workspace `~/secrets`. */
const inside = { relative: "keys/id.pem", absolute: "/home/me/secrets/keys/id.pem" };

test.each([
  ["a glob that fits its path in the workspace", "keys/*.pem"],
  ["a folder around the workspace", "**/secrets/**"],
  ["a folder's name", "secrets/"],
  ["an absolute glob", "/home/me/secrets/**"],
  ["an absolute folder", "/home/me/secrets/"],
])("a file is private by %s", (_by, glob) => {
  expect(isPrivateFile([glob], inside)).toBe(true);
});

test.each(["**/other/**", "/home/you/secrets/**", "/keys/secrets/**"])(
  "a file is not private by %s",
  (glob) => {
    expect(isPrivateFile([glob], inside)).toBe(false);
  },
);

test("a drive's letter counts in either case", () => {
  const file = { relative: "a.ts", absolute: "/c:/Users/me/secrets/a.ts" };
  expect(isPrivateFile(["C:/Users/me/secrets/**"], file)).toBe(true);
  expect(isPrivateFile(["c:/Users/me/secrets/**"], file)).toBe(true);
});
