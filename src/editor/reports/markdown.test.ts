import { expect, test } from "vitest";
import { code, prose, table } from "./markdown.ts";

test("a prompt becomes one line of a table: cut, and without a pipe or a link of its own", () => {
  expect(prose("Compare a | b\nand `c`", 80)).toBe("Compare a \\| b and \\`c\\`");
  expect(prose("![x](https://example.com/x.png) <b>", 80)).toBe(
    "!\\[x\\](https://example.com/x.png) \\<b\\>",
  );
  expect(prose("😀".repeat(100), 10)).toBe(`${"😀".repeat(9)}…`);
});

test("a name in code cannot end it, nor its cell", () => {
  expect(code("a/b`|c")).toBe("`a/b \\|c`");
});

test("columns stand below each other, figures at their end", () => {
  expect(table(["Model", "Cost"], [["a", "$0.017"]], new Set([1])).split("\n")).toEqual([
    "| Model |   Cost |",
    "| :---- | -----: |",
    "| a     | $0.017 |",
  ]);
});
