import { describe, expect, it } from "vitest";
import { isPrivateFile } from "./context.ts";

/** A file of the workspace `~/secrets`. */
const inside = { relative: "keys/id.pem", absolute: "/home/me/secrets/keys/id.pem" };

describe("isPrivateFile", () => {
  it.each([
    ["a glob that matches its path in the workspace", "keys/*.pem"],
    ["a folder around the workspace", "**/secrets/**"],
    ["a folder's name", "secrets/"],
    ["an absolute glob", "/home/me/secrets/**"],
    ["an absolute folder", "/home/me/secrets/"],
  ])("matches a file by %s", (_by, glob) => {
    expect(isPrivateFile([glob], inside)).toBe(true);
  });

  it.each(["**/other/**", "/home/you/secrets/**", "/keys/secrets/**"])("does not match it by %s", (glob) => {
    expect(isPrivateFile([glob], inside)).toBe(false);
  });

  it("matches a drive letter in either case", () => {
    const file = { relative: "a.ts", absolute: "/c:/Users/me/secrets/a.ts" };
    expect(isPrivateFile(["C:/Users/me/secrets/**"], file)).toBe(true);
    expect(isPrivateFile(["c:/Users/me/secrets/**"], file)).toBe(true);
  });
});
