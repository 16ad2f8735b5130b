import { describe, expect, it } from "vitest";
import { cellText, codeCell, escaped, table } from "./markdown.ts";

describe("Markdown of reports", () => {
  it("puts a prompt on one line, cuts it, and keeps it from starting a cell, a link or HTML", () => {
    expect(cellText("Compare a | b\nand `c`", 80)).toBe("Compare a \\| b and \\`c\\`");
    expect(cellText("![x](https://example.com/x.png) <b>", 80)).toBe(
      "!\\[x\\](https://example.com/x.png) \\<b\\>",
    );
    expect(cellText("😀".repeat(100), 10)).toBe(`${"😀".repeat(9)}…`);
  });

  it("keeps a name from ending its code or its cell", () => {
    expect(codeCell("a/b`|c")).toBe("`a/b \\|c`");
  });

  it("escapes links, icons and HTML in tooltips", () => {
    expect(escaped("[a](command:x) $(key) <b>")).toBe("\\[a\\]\\(command:x\\) \\$\\(key\\) \\<b\\>");
  });

  it("aligns the columns of a table, figures to the right", () => {
    expect(table(["Model", "Cost"], [["a", "$0.017"]], new Set([1])).split("\n")).toEqual([
      "| Model |   Cost |",
      "| :---- | -----: |",
      "| a     | $0.017 |",
    ]);
  });
});
