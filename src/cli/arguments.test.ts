import { describe, expect, it } from "vitest";
import { decideArguments } from "./arguments.ts";
import { UsageError } from "./terminal.ts";

describe("the arguments of decide", () => {
  it("name files; input and output are the terminal's where they are left out, or a dash", () => {
    const plain = { kind: "decide", settings: "s.json", summary: false };
    expect(decideArguments(["--settings", "s.json"])).toEqual(plain);
    expect(decideArguments(["--settings=s.json", "--input", "-", "--output", "-"])).toEqual(plain);
    expect(
      decideArguments([..."--input i --output o --world w --summary --settings".split(" "), "s.json"]),
    ).toEqual({ ...plain, input: "i", output: "o", world: "w", summary: true });
  });

  it("ask for help, whatever else is missing", () => {
    expect(decideArguments(["-h"])).toEqual({ kind: "help" });
    expect(decideArguments(["--input", "x", "--help"])).toEqual({ kind: "help" });
  });

  it.each([
    [[], "--settings FILE is missing."],
    [["--settings"], "--settings needs a file."],
    [["--settings", "--summary"], "--settings needs a file."],
    [["--settings", ""], "--settings needs a file."],
    [["--setings", "x"], "There is no option --setings. Did you mean --settings?"],
    [["-x"], "There is no option -x."],
    [["--settings", "a", "--settings", "b"], "--settings is given twice."],
    [["--settings", "a", "b"], '"b" is not expected: name it by an option.'],
    [["--settings", "a", "--summary=yes"], "--summary takes no value."],
  ])("%j: %s", (args, words) => {
    expect(() => decideArguments(args)).toThrow(new UsageError(words));
  });
});
