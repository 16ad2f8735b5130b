import { globSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inProject } from "../../../scripts/project.ts";
import { placeBlock } from "./placeBlock.ts";

const orders = `import { db } from "./db.ts";
import { log } from "./log.ts";

export function total(items) {
  let sum = 0;
  for (const item of items) {
    sum += item.price;
  }
  return sum;
}

export class Orders {
  #limit = 10;

  find(id) {
    log("find");
    return db.get(id);
  }

  list() {
    return db.all();
  }
}
`;

function placed(text: string, code: string, language = "ts"): string {
  const placement = placeBlock(text, { text: code, language });
  return placement.kind === "placed" ? placement.text : JSON.stringify(placement);
}

describe("placing a part of a file", () => {
  it("replaces a function whose body is new", () => {
    const code =
      "export function total(items) {\n  return items.reduce((sum, { price }) => sum + price, 0);\n}";
    const result = placed(orders, code);
    expect(result).toContain(`${code}\n\nexport class Orders {`);
    expect(result).not.toContain("let sum");
  });

  it("replaces a function whose parameters have changed", () => {
    const code =
      "export function total(items, vat) {\n  let sum = 0;\n  for (const item of items) {\n    sum += item.price;\n  }\n  return sum * vat;\n}";
    const result = placed(orders, code);
    expect(result).toBe(
      orders.replace("total(items)", "total(items, vat)").replace("return sum;", "return sum * vat;"),
    );
  });

  it("indents a method that the answer shows at the margin", () => {
    expect(placed(orders, "find(id) {\n  return db.get(id) ?? null;\n}")).toBe(
      orders.replace('    log("find");\n    return db.get(id);', "    return db.get(id) ?? null;"),
    );
  });

  it("takes the lines around a change as its place", () => {
    expect(placed(orders, '    log("find");\n    check(id);\n    return db.get(id);')).toBe(
      orders.replace('    log("find");\n', '    log("find");\n    check(id);\n'),
    );
  });

  it("removes a line between two that the answer keeps", () => {
    const text = "const a = 1;\nconst b = 2;\nconst c = 3;\nconst d = 4;\n";
    expect(placed(text, "const a = 1;\nconst c = 3;")).toBe("const a = 1;\nconst c = 3;\nconst d = 4;\n");
  });

  it("places imports and a function apart", () => {
    const code =
      'import { db } from "./db.ts";\nimport { cache } from "./cache.ts";\nimport { log } from "./log.ts";\n\nlist() {\n  return cache.all();\n}';
    expect(placed(orders, code)).toBe(
      orders
        .replace("import { log }", 'import { cache } from "./cache.ts";\nimport { log }')
        .replace("return db.all();", "return cache.all();"),
    );
  });

  it("adds a new function above the one that it belongs to", () => {
    const code =
      "function price(item) {\n  return item.price * item.count;\n}\n\nexport function total(items) {\n  let sum = 0;\n  for (const item of items) {\n    sum += price(item);\n  }\n  return sum;\n}";
    expect(placed(orders, code)).toBe(
      orders
        .replace(
          "export function total",
          "function price(item) {\n  return item.price * item.count;\n}\n\nexport function total",
        )
        .replace("sum += item.price", "sum += price(item)"),
    );
  });

  it("adds a line next to similar ones without replacing them", () => {
    expect(placed(orders, 'import { db } from "./db.ts";\nimport { kv } from "./kv.ts";')).toBe(
      orders.replace('"./db.ts";\n', '"./db.ts";\nimport { kv } from "./kv.ts";\n'),
    );
  });

  it("replaces a Python function, whose end its indentation shows", () => {
    const text = "def a(x):\n    y = x\n    return y\n\n\ndef b(x):\n    return x\n";
    expect(placed(text, "def a(x):\n    return x + 1", "python")).toBe(
      "def a(x):\n    return x + 1\n\n\ndef b(x):\n    return x\n",
    );
  });

  it.each([
    ["new code that no line connects with the file", "export const rate = 0.19;"],
    ["code that shares brackets only", "if (x) {\n}\n"],
  ])("does not place %s", (_, code) => {
    expect(placeBlock(orders, { text: code, language: "ts" })).toEqual({
      kind: "not-placed",
      reason: "no-match",
    });
  });

  it("does not choose between two equal places", () => {
    const text = "a() {\n  run();\n}\n\nb() {\n  run();\n}\n";
    expect(placeBlock(text, { text: "  run();\n  stop();", language: "ts" })).toEqual({
      kind: "not-placed",
      reason: "ambiguous",
    });
  });

  it("reports a block that changes nothing", () => {
    const code = "  list() {\n    return db.all();\n  }";
    expect(placeBlock(orders, { text: code, language: "ts" })).toEqual({ kind: "unchanged" });
  });
});

describe("placing changed functions of this project's own sources", () => {
  const sources = globSync("src/{assistant,dispatch}/**/*.ts", { cwd: inProject() }).filter(
    (file) => !file.endsWith(".test.ts"),
  );
  type Change = (lines: readonly string[], at: number, space: string) => readonly string[];
  const changes: Readonly<Record<string, Change>> = {
    "a changed line": (lines, at, space) => lines.with(at, `${space}  changed();`),
    "a new line": (lines, at, space) => lines.toSpliced(at, 0, `${space}  added();`),
    "a removed line": (lines, at) => lines.toSpliced(at, 1),
    "a new body": (lines, _, space) => [lines[0] ?? "", `${space}  return other();`, lines.at(-1) ?? ""],
    "a new parameter": (lines) => [(lines[0] ?? "").replace("(", "(added: number, "), ...lines.slice(1)],
  };

  it.each(Object.entries(changes))("finds the place of %s, or none, and never another one", (_, change) => {
    let placements = 0;
    let missing = 0;
    for (const file of sources) {
      const text = readFileSync(inProject(file), "utf8");
      const lines = text.split("\n");
      for (const [start, header] of lines.entries()) {
        const space =
          /^( *)(?:export |async )*(?:function \w+|(?!if|for|while|switch|catch)#?\w+)\(.*\).*(?<!=> )\{$/.exec(
            header,
          )?.[1];
        const end = lines.findIndex((line, index) => index > start && line === `${space}}`) + 1;
        const at = lines.findIndex((line, index) => index > start + 1 && /^ +[^{}]+$/.test(line)) - start;
        if (space === undefined || end - start < 5 || at > end - start - 2) continue;
        const changed = change(lines.slice(start, end), at, space);
        const shown = changed.map((line) => (line.startsWith(space) ? line.slice(space.length) : line));
        const placement = placeBlock(text, { text: shown.join("\n"), language: "ts" });
        placements += 1;
        if (placement.kind === "placed") {
          expect(placement.text).toBe([...lines.slice(0, start), ...changed, ...lines.slice(end)].join("\n"));
        } else missing += 1;
      }
    }
    expect(placements).toBeGreaterThan(20);
    expect(missing / placements).toBeLessThan(0.05);
  });
});

describe("code that an answer leaves out", () => {
  it("stays where an ellipsis represents it", () => {
    const code =
      "export class Orders {\n  // ... existing code ...\n\n  list() {\n    return db.all().slice(0, this.#limit);\n  }\n}";
    expect(placed(orders, code)).toBe(
      orders.replace("return db.all();", "return db.all().slice(0, this.#limit);"),
    );
  });

  it("stays before a method that is added at the end of a class", () => {
    const code =
      "export class Orders {\n  // ... existing code ...\n\n  remove(id) {\n    db.remove(id);\n  }\n}";
    expect(placed(orders, code)).toBe(
      orders.replace(
        "    return db.all();\n  }\n",
        "    return db.all();\n  }\n\n  remove(id) {\n    db.remove(id);\n  }\n",
      ),
    );
  });

  it("stays between the changed ends of a function", () => {
    const code = "export function total(items) {\n  let sum = 100;\n  // …\n  return Math.round(sum);\n}";
    expect(placed(orders, code)).toBe(
      orders.replace("let sum = 0;", "let sum = 100;").replace("return sum;", "return Math.round(sum);"),
    );
  });

  it("stays around a function between two ellipses", () => {
    const code =
      "// ... existing code ...\nexport function total(items) {\n  return 0;\n}\n// ... rest of the file ...";
    const result = placed(orders, code);
    expect(result).toContain("export function total(items) {\n  return 0;\n}\n\nexport class Orders {");
    expect(result).toContain('import { db } from "./db.ts";');
    expect(result).not.toContain("existing code");
  });

  it("stays above code for the end of the file, and below code for its beginning", () => {
    expect(placed("const a = 1;\n", "// ... existing code ...\n\nexport { rate };")).toBe(
      "const a = 1;\n\nexport { rate };\n",
    );
    expect(placed("const a = 1;\n", 'import "x";\n// ... existing code ...')).toBe(
      'import "x";\nconst a = 1;\n',
    );
    expect(placed("#!/bin/sh\necho a\n", "set -e\n# ...", "sh")).toBe("#!/bin/sh\nset -e\necho a\n");
  });

  it("is no ellipsis where the file has the same line", () => {
    const text = "a();\n// ...\nb();\nc();\n";
    expect(placed(text, "a();\n// ...\nb2();\nc();")).toBe("a();\n// ...\nb2();\nc();\n");
  });
});

describe("placing a whole file", () => {
  it("replaces everything where the beginning, the end and most lines are the file's", () => {
    const text = "import a;\n\nfunction one() {\n  a();\n}\n\nfunction two() {\n}\n\nexport { one };\n";
    const code = "import a;\n\nfunction one() {\n  a(1);\n}\n\nexport { one };";
    expect(placed(text, code)).toBe(`${code}\n`);
  });

  it("fills an empty file", () => {
    expect(placed("", "a\nb")).toBe("a\nb\n");
  });

  it("keeps the unit of indentation", () => {
    const text = "function a() {\n\tif (x) {\n\t\tb();\n\t}\n}\n";
    expect(placed(text, "function a() {\n  if (y) {\n    b();\n  }\n}")).toBe(text.replace("x", "y"));
  });
});

describe("applying a diff", () => {
  const diff = (...lines: readonly string[]) => placed(orders, lines.join("\n"), "diff");

  it("finds each hunk by its lines, whatever the line numbers say", () => {
    const patch = [
      "--- a/x.ts",
      "+++ b/x.ts",
      "@@ -99,3 +99,3 @@",
      " find(id) {",
      '-  log("find");',
      "+  check(id);",
    ];
    expect(diff(...patch)).toBe(orders.replace('log("find");', "check(id);"));
  });

  it("takes a diff without headers", () => {
    expect(diff("-  return sum;", "+  return Math.round(sum);")).toBe(
      orders.replace("return sum;", "return Math.round(sum);"),
    );
  });

  it("takes the place nearest to the line number where several are equal", () => {
    const text = "run();\nstop();\nrun();\n";
    expect(placed(text, "@@ -3,1 +3,1 @@\n-run();\n+walk();", "diff")).toBe("run();\nstop();\nwalk();\n");
    expect(placed(text, "-run();\n+walk();", "diff")).toContain("ambiguous");
  });

  it("changes nothing where a hunk is not found", () => {
    expect(diff("-  nothing();", "+  something();")).toContain("no-match");
  });
});

describe("what stays the file's own", () => {
  const code = fc
    .array(fc.stringMatching(/^[a-z]{3,8}\(\d{1,3}\);$/), { minLength: 6, maxLength: 30 })
    .filter((lines) => new Set(lines).size === lines.length);

  it("the lines around the place, at any depth, in any indentation, with any line ending", () => {
    const unit = fc.constantFrom("\t", "  ", "    ");
    const shape = fc.record({
      lines: code,
      at: fc.nat(),
      length: fc.integer({ min: 3, max: 6 }),
      fileUnit: unit,
      blockUnit: unit,
      depth: fc.integer({ min: 0, max: 3 }),
      eol: fc.constantFrom("\n", "\r\n"),
      hasFinalEol: fc.boolean(),
      hasMark: fc.boolean(),
    });
    fc.assert(
      fc.property(shape, ({ lines, at, length, fileUnit, blockUnit, depth, eol, hasFinalEol, hasMark }) => {
        const start = at % (lines.length - length + 1);
        const mark = hasMark ? "\uFEFF" : "";
        const levels = Array.from({ length: depth + 1 }, (_, level) => level);
        const file = (body: readonly string[]) => {
          const begin = levels.map((level) => `${fileUnit.repeat(level)}begin${level} {`);
          const end = levels.toReversed().map((level) => `${fileUnit.repeat(level)}}`);
          const inner = body.map((line) => (line === "" ? "" : fileUnit.repeat(depth + 1) + line));
          return mark + [...begin, ...inner, ...end].join(eol) + (hasFinalEol ? eol : "");
        };
        const shown = lines.slice(start, start + length);
        const block = [shown[0], "if (added) {", `${blockUnit}run();`, "}", ...shown.slice(-1)].join("\n");
        const expected = [
          ...lines.slice(0, start + 1),
          "if (added) {",
          `${fileUnit}run();`,
          "}",
          ...lines.slice(start + length - 1),
        ];
        expect(placed(file(lines), block)).toBe(file(expected));
      }),
    );
  });

  it("a file that already has the block", () => {
    fc.assert(
      fc.property(code, fc.nat(), (lines, at) => {
        const start = at % (lines.length - 3);
        const text = `${lines.join("\n")}\n`;
        const block = lines.slice(start, start + 3).join("\n");
        expect(placeBlock(text, { text: block, language: "ts" })).toEqual({ kind: "unchanged" });
      }),
    );
  });

  it("all of it where an arbitrary block has no place, and no character of the block is lost where it has one", () => {
    const line = fc.constantFrom(
      "a {",
      "  b();",
      "  c();",
      "}",
      "",
      "d();",
      "\te();",
      "// ...",
      "x = 1",
      "  x = 2",
    );
    const text = fc.array(line, { maxLength: 20 }).map((lines) => lines.join("\n"));
    fc.assert(
      fc.property(text, text, (file, block) => {
        const placement = placeBlock(file, { text: block, language: "ts" });
        if (placement.kind !== "placed") return;
        const words = (source: string) => new Set(source.match(/\w+/g));
        for (const word of words(block)) expect(words(placement.text)).toContain(word);
        expect(placement.text).not.toBe(file);
      }),
      { numRuns: 2000 },
    );
  });
});
