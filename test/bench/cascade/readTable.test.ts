import { mkdtemp, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { InvalidTable, parseTable, readTable } from "./readTable.ts";

const HEADING = "issue,model,solved,cost";
const csv = (...lines: readonly string[]) => [HEADING, ...lines].join("\n");

const reportOf = (text: string): string => {
  try {
    parseTable(text);
  } catch (error) {
    if (error instanceof InvalidTable) return error.message;
    throw error;
  }
  return "no problem";
};

describe("a table in CSV", () => {
  it("has a line for each issue and model, in any order of lines and columns", () => {
    const table = parseTable(
      "\uFEFFnote,Cost,model,solved,issue\r\nx,0.5,a/one,1,i1\r\n,2e-1,b/two,False,i2\r\n\r\n,0,b/two,TRUE,i1\r\n,1,a/one,0,i2\r\n",
    );
    expect(table.issues).toEqual(["i1", "i2"]);
    expect(table.models).toMatchObject([
      { card: { ref: "a/one" }, solved: [true, false], costsUsd: [0.5, 1] },
      { card: { ref: "b/two" }, solved: [true, false], costsUsd: [0, 0.2] },
    ]);
  });

  it("gives each model the quality and the cost that it has in the table", () => {
    const [model] = parseTable(csv("i1,a/one,1,0.5", "i2,a/one,0,1.5")).models;
    expect(model?.card).toMatchObject({ quality: { value: 0.5, basis: "measured" }, outputUsdPerMTok: 1 });
  });

  it("can quote fields that contain commas or quotation marks", () => {
    const table = parseTable(csv('"i,1","Two, ""high""",1,"0.5"'));
    expect(table.issues).toEqual(["i,1"]);
    expect(table.models[0]?.card.ref).toBe('Two, "high"');
  });

  it.each([
    [
      "a solved that is neither",
      "i1,a/one,maybe,1",
      'Line 2: solved must be 0, 1, true or false, not "maybe".',
    ],
    [
      "a cost below zero",
      "i1,a/one,1,-1",
      "Line 2: cost must be dollars from 0 to 1000000, such as 0.25, not",
    ],
    ["a cost that is no number", "i1,a/one,1,$3", 'not "$3".'],
    ["an empty cost", "i1,a/one,1,", 'not "".'],
    ["an infinite cost", "i1,a/one,1,1e999", 'not "1e999".'],
    ["too few fields", "i1,a/one,1", "Line 2: 3 fields are fewer than the heading has."],
    ["a model without a name", "i1,,1,1", "Line 2: model must be a name"],
    ["an issue with control characters", "i\u001b[2J,a/one,1,1", "Line 2: issue must be a name"],
    ["an open quotation mark", '"i1,a/one,1,1', "Line 2: a quotation mark is not closed"],
    ["text after a quoted field", '"i1"x,a/one,1,1', "Line 2: a quotation mark is not closed"],
  ])("names the line with %s", (_, line, problem) => {
    expect(reportOf(csv(line))).toContain(problem);
  });

  it("names every line that is wrong, up to ten", () => {
    const report = reportOf(
      csv("i1,a/one,1,1", ...Array.from({ length: 12 }, (_, at) => `i1,a/one,x${at},1`)),
    );
    expect(report.split("\n")).toHaveLength(11);
    expect(report).toMatch(/^Line 3: .*\n(.*\n)*Line 12: .*\nAnd more\.$/);
  });

  it("names both lines of a result that is there twice", () => {
    expect(reportOf(csv("i1,a/one,1,1", "i1,a/one,0,1"))).toBe(
      'Line 3: "a/one" has a result of "i1" in line 2 already.',
    );
  });

  it("names the results that are missing", () => {
    expect(reportOf(csv("i1,a/one,1,1", "i2,a/one,1,1", "i1,b/two,1,1"))).toBe(
      '"b/two" has no result of "i2".',
    );
  });

  it("needs a heading with its four columns, and a result", () => {
    expect(reportOf("issue,model,resolved\n")).toContain("Line 1: the heading has no column solved, cost.");
    expect(reportOf("")).toContain("Line 1: the heading has no column issue");
    expect(reportOf(HEADING)).toBe("The table has no results.");
  });

  it("shows no characters of the table that a terminal acts on", () => {
    expect(reportOf(csv("i1,a/one,\u009b31m\u202e,1"))).toContain('not "�31m�".');
  });

  it("is limited in its lines and models", () => {
    expect(reportOf("\n".repeat(250_000) + HEADING)).toBe("A table has at most 200000 lines.");
    const models = Array.from({ length: 41 }, (_, at) => `i1,m${at},1,1`);
    expect(reportOf(csv(...models))).toBe("Line 42: more than 40 models.");
  });

  it("reports a few of many results that are missing", () => {
    const lines = Array.from({ length: 20_000 }, (_, at) => `i${at},m${at % 40},1,1`);
    expect(reportOf([HEADING, ...lines].join("\n")).split("\n")).toHaveLength(11);
  });
});

describe("a file with a table", () => {
  it("is not read if it is missing, no file, or too large", async () => {
    const folder = await mkdtemp(join(tmpdir(), "cascade-"));
    await expect(readTable(join(folder, "none.csv"))).rejects.toThrow(InvalidTable);
    await expect(readTable(folder)).rejects.toThrow("is not a file");
    const large = join(folder, "large.csv");
    await writeFile(large, "");
    await truncate(large, 32_000_001);
    await expect(readTable(large)).rejects.toThrow("has 32000001 bytes. A table has at most 32000000.");
  });
});
