import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPathReference } from "./pathReference.ts";

describe("reading the name of a file in a text", () => {
  it.each([
    ["retry.ts", { path: "retry.ts" }],
    ["./src/a.ts", { path: "src/a.ts" }],
    ["src\\http\\a.ts", { path: "src/http/a.ts" }],
    ["src/a.ts:8", { path: "src/a.ts", line: 8 }],
    ["src/a.ts:8:3", { path: "src/a.ts", line: 8, column: 3 }],
    ["src/a.ts:8-12", { path: "src/a.ts", line: 8 }],
    ["src/a.ts#L8", { path: "src/a.ts", line: 8 }],
    ["src/a.ts#L8-L12", { path: "src/a.ts", line: 8 }],
    ["src/a.ts(8,3)", { path: "src/a.ts", line: 8, column: 3 }],
    ["src/app/[id]/page.tsx", { path: "src/app/[id]/page.tsx" }],
    ["docs/My notes.md", { path: "docs/My notes.md" }],
    ["/home/me/app/src/a.ts:2", { path: "/home/me/app/src/a.ts", line: 2 }],
    ["C:\\app\\a.ts:2", { path: "C:/app/a.ts", line: 2 }],
    [".gitignore", { path: ".gitignore" }],
    ["Dockerfile", { path: "Dockerfile" }],
    ["bin/run", { path: "bin/run" }],
  ])("reads %s", (text, expected) => {
    expect(readPathReference(text)).toEqual(expected);
  });

  it.each([
    ..."const 1.5 foo() a/ / .. ... ../a.ts src/../a.ts ~/a.ts command:a.b file:///etc/a.ts https://a.b/c.ts".split(
      " ",
    ),
    ...[
      "vscode://a/b.ts",
      "javascript:a.ts",
      "src/*.ts",
      "a.ts; rm b.ts",
      "$HOME/a.ts",
      "see a.ts",
      "a.ts\nb.ts",
    ],
    ...["data:text/a.ts", "//server/share/a.ts", "a\u202Ets.exe/b.ts", "", `${"x".repeat(400)}.ts`],
  ])("does not read %j", (text) => {
    expect(readPathReference(text)).toBeUndefined();
  });

  it("never returns a path with a scheme, a parent folder or a control character", () => {
    const part = fc.constantFrom(
      "a",
      "..",
      ".",
      "/",
      "//",
      ":",
      "\\",
      "file",
      ".ts",
      "#L1",
      "\0",
      "~",
      "C:",
      " ",
      "%2e",
      "*",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 10 }), (parts) => {
        const path = readPathReference(parts.join(""))?.path ?? "";
        expect(path.split("/")).not.toContain("..");
        expect(path).not.toMatch(/^[a-z]{2,}:|^\/\/|\p{Cc}/u);
      }),
    );
  });
});
