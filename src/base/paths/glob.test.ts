import fc from "fast-check";
import picomatch from "picomatch";
import { describe, expect, it } from "vitest";
import { matchesAny } from "./glob.ts";

describe("matchesAny", () => {
  it.each([
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
  ])("matches %s with %s", (glob, path) => {
    expect(matchesAny([glob], path)).toBe(true);
  });

  it.each([
    ["src/*.ts", "src/deep/a.ts"],
    ["src/*.ts", "lib/src/a.ts"],
    ["**/secrets/**", "my-secrets/a.txt"],
    ["*.pem", "a.pem.txt"],
    ["[a-c]", "d"],
    ["", "a"],
    ["/", "a"],
    ["secrets/", "my/secrets"],
    ["src/keys/", "lib/src/keys/a"],
  ])("does not match %s with %s", (glob, path) => {
    expect(matchesAny([glob], path)).toBe(false);
  });

  it("agrees with picomatch on ordinary globs, with dotfiles", () => {
    const name = fc.constantFrom("a", "b", "ab", ".env", "a.ts", "b.test.ts", "x-1");
    const part = fc.constantFrom(
      ...["a", "b", "*", "**", "*.ts", "a*", "?", ".*", ".env", "{a,b}", "*.{ts,js}", "[ab]", "x-[0-9]"],
    );
    // picomatch matches names at one level only, and lets a final `**` match nothing.
    const glob = fc
      .tuple(fc.array(part, { minLength: 1, maxLength: 3 }), part)
      .filter(([, last]) => last !== "**")
      .map(([parts, last]) => [...parts, last].join("/"));
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join("/"));
    fc.assert(
      fc.property(glob, path, (pattern, file) => {
        const expected = picomatch(pattern, { dot: true, noextglob: true })(file);
        expect({ pattern, file, matches: matchesAny([pattern], file) }).toEqual({
          pattern,
          file,
          matches: expected,
        });
      }),
      { numRuns: 1000 },
    );
  });
});

/** With exponential cost a match would take hours, and the test would time out: a glob must not hang a decision. */
describe("a hostile glob", { timeout: 60_000 }, () => {
  const PATH = `${"a/".repeat(1000)}${"a".repeat(2000)}b`;

  it("does not match, and finishes", () => {
    const path = `${"a/".repeat(1000)}${"a".repeat(2000)}`;
    expect(matchesAny([`${"**/".repeat(200)}${"*a".repeat(100)}b`], path)).toBe(false);
    expect(matchesAny(["{a,b}".repeat(100)], path)).toBe(false);
    expect(matchesAny(["*-*-*-*-*.env"], "-".repeat(2000))).toBe(false);
  });

  it.each([
    ["stars between stars", "*a".repeat(450)],
    ["folders between folders", "**/a/".repeat(180)],
    ["stars within many folders", `${"**/*a*/".repeat(120)}x`],
    ["braces that multiply", "{a,b}".repeat(160)],
    ["braces within braces", `${"{a,".repeat(300)}b${"}".repeat(300)}`],
    ["an unclosed class", "[".repeat(900)],
    ["alternatives of unclosed classes", `${"{a,b}".repeat(7)}${"[".repeat(900)}`],
    ["alternatives of stars", `${"{a,b}".repeat(8)}${"*a".repeat(450)}`],
    ["classes of ranges", "[a-zA-Z0-9!-~]".repeat(70)],
    ["a very long glob", "a".repeat(1_000_000)],
  ])("finishes with %s", (_what, glob) => {
    matchesAny([glob], PATH);
    matchesAny([`**/${glob}`.slice(0, 1000)], PATH);
  });

  it("finishes with any glob on any path made of special characters", () => {
    const special = fc.constantFrom("*", "**", "/", "?", "{", "}", ",", "[", "]", "!", "-", "a", "b", ".");
    const text = fc.array(special, { maxLength: 300 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, text, (glob, path) => void matchesAny([glob], path)),
      { numRuns: 500 },
    );
  });
});
