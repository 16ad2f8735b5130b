import { describe, expect, it } from "vitest";
import { decideOptions, serveOptions } from "./arguments.ts";
import { UsageError } from "./terminal.ts";

describe("the options of decide", () => {
  it("are files; input and output default to the terminal, as does a dash", () => {
    const plain = {
      settings: "s.json",
      input: undefined,
      output: undefined,
      world: undefined,
      summary: false,
    };
    expect(decideOptions(["--settings", "s.json"])).toEqual(plain);
    expect(decideOptions(["--settings=s.json", "--input", "-", "--output", "-"])).toEqual(plain);
    expect(
      decideOptions([..."--input i --output o --world w --summary --settings".split(" "), "s.json"]),
    ).toEqual({ ...plain, input: "i", output: "o", world: "w", summary: true });
  });

  it("can ask for help without the required options", () => {
    expect(decideOptions(["-h"])).toBe("help");
    expect(decideOptions(["--input", "x", "--help"])).toBe("help");
  });

  it.each([
    [[], "--settings FILE is missing."],
    [["--settings"], "--settings needs a file."],
    [["--settings", "--summary"], "--settings needs a file."],
    [["--settings", ""], "--settings needs a file."],
    [["--setings", "x"], "Unknown option --setings. Did you mean --settings?"],
    [["-x"], "Unknown option -x."],
    [["--settings", "a", "--settings", "b"], "--settings is given twice."],
    [["--settings", "a", "b"], 'Unexpected argument "b". Use an option for it.'],
    [["--settings", "a", "--summary=yes"], "--summary takes no value."],
  ])("are rejected if they are %j: %s", (args, message) => {
    expect(() => decideOptions(args)).toThrow(new UsageError(message));
  });
});

describe("the options of serve", () => {
  it("have a default port, and no ledger and token", () => {
    expect(serveOptions(["--settings", "s.json"])).toEqual({
      settings: "s.json",
      port: 4141,
      ledger: undefined,
      token: undefined,
      lenient: false,
    });
    expect(serveOptions(["--settings", "s.json", "--lenient"])).toMatchObject({ lenient: true });
  });
});
