import { describe, expect, it } from "vitest";
import { namedFile, type ShownCode } from "./namedFile.ts";

function named(code: Partial<ShownCode>) {
  const { stated, mentioned, comment } = namedFile({ text: "a();", language: "ts", before: "", ...code });
  return { stated: stated?.path, mentioned: mentioned.map(({ path }) => path), comment };
}

describe("the file that a code block names", () => {
  it("is the one of its fence before the one of a comment", () => {
    expect(named({ file: "src/a.ts", text: "// src/b.ts\na();" }).stated).toBe("src/a.ts");
  });

  it.each([
    "// src/a.ts",
    "# src/a.ts",
    "/* src/a.ts */",
    "<!-- src/a.ts -->",
    "// File: src/a.ts",
    "-- filename: src/a.ts",
  ])("is in a comment in the first line: %s", (comment) => {
    expect(named({ text: `${comment}\na();` })).toMatchObject({ stated: "src/a.ts", comment });
  });

  it.each(["// Retries a call.", "# and/or", "import a from './a.ts'"])("is not in %s", (line) => {
    expect(named({ text: `${line}\na();` })).toMatchObject({ stated: undefined, comment: undefined });
  });

  it("is in the header of a diff", () => {
    const text = "--- a/src/old.ts\n+++ b/src/a.ts\n@@ -1 +1 @@\n-a\n+b";
    expect(named({ text, language: "diff" }).stated).toBe("src/a.ts");
  });

  it("is mentioned just before the block, the last one first", () => {
    const before = "Unlike `lib/b.ts`, and/or others, change **src/a.ts** (see src/c.ts:8):";
    expect(named({ before }).mentioned).toEqual(["src/c.ts", "src/a.ts", "lib/b.ts"]);
  });

  it("is not a hostile address", () => {
    expect(named({ file: "../../etc/passwd", before: "file:///etc/a.conf command:a.b" })).toEqual({
      stated: undefined,
      mentioned: [],
      comment: undefined,
    });
  });

  it("is read in time that grows with the length of a hostile first line", () => {
    expect(named({ text: `// src/a.ts${" ".repeat(100_000)}b` }).stated).toBeUndefined();
  });
});
