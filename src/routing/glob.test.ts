import { describe, expect, test } from "vitest";
import { matchesGlob } from "./glob.ts";

describe("globs", () => {
  test.each([
    ["**/.env*", ".env"],
    ["**/.env*", "packages/api/.env.local"],
    [".env*", "packages/api/.env.local"],
    ["**/secrets/**", "secrets/a.txt"],
    ["**/secrets/**", "a/secrets/b/c.txt"],
    ["src/*.ts", "src/a.ts"],
    ["src/**/*.ts", "src/a.ts"],
    ["src/**/*.ts", "src/deep/er/a.ts"],
    ["*.{pem,key}", "certs/server.key"],
    ["**/{a,b{1,2}}/*", "x/b2/file"],
    ["[a-c]?[!0-9].txt", "bzx.txt"],
    ["./src/*.ts", "src/a.ts"],
    ["secrets", "a/secrets/b.txt"],
    ["secrets/", "a/secrets/b.txt"],
    ["src/keys/", "src/keys/a/b.txt"],
    ["/home/me/secrets/**", "/home/me/secrets/a.txt"],
    ["/home/me/secrets/", "home/me/secrets/a.txt"],
  ])("%s matches %s", (glob, path) => {
    expect(matchesGlob(glob, path)).toBe(true);
  });

  test.each([
    ["src/*.ts", "src/deep/a.ts"],
    ["src/*.ts", "lib/src/a.ts"],
    ["**/secrets/**", "my-secrets/a.txt"],
    ["*.pem", "a.pem.txt"],
    ["[a-c]", "d"],
    ["", "a"],
    ["/", "a"],
    ["secrets/", "my/secrets"],
    ["src/keys/", "lib/src/keys/a"],
  ])("%s does not match %s", (glob, path) => {
    expect(matchesGlob(glob, path)).toBe(false);
  });

  test("a hostile glob ends at once", () => {
    const path = `${"a/".repeat(1000)}${"a".repeat(2000)}`;
    expect(matchesGlob(`${"**/".repeat(200)}${"*a".repeat(100)}b`, path)).toBe(false);
    expect(matchesGlob("{a,b}".repeat(100), path)).toBe(false);
  });
});
