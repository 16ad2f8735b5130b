import { describe, expect, it } from "vitest";
import type { ContextItem } from "../../../contract/context.ts";
import { editRequest } from "./editRequest.ts";
import { promptTask, testsTask } from "./editTasks.ts";

const SOURCE = "file:///shop/src/a.ts";
const code = (startLine: number, endLine: number, changes: Partial<ContextItem> = {}): ContextItem =>
  ({
    ...{ kind: "selection", path: "src/a.ts", language: "typescript", startLine, endLine, tokens: 1 },
    ...{ text: `lines ${startLine} to ${endLine}`, isPrivate: false, source: SOURCE },
    ...changes,
  }) as ContextItem;
const target = {
  path: "src/a.ts",
  language: "typescript",
  text: "let a;\nlet b;\n",
  range: { lines: { start: 0, end: 1 }, isRestOpen: false },
  isPrivate: false,
};

describe("a prompt of the user's own, as an edit", () => {
  const prompt = { text: "", command: "port", instructions: "Port src/a.ts:1–2" };

  it("sends what it attaches, but the edited code only once", () => {
    const context = [
      code(1, 2),
      code(5, 5),
      code(1, 9, { kind: "file" }),
      code(1, 2, { source: "file:///b" }),
    ];
    const kept = (lines: { start: number; end: number } | undefined) =>
      promptTask({ ...prompt, context }, { source: SOURCE, lines }).context;
    expect(kept({ start: 0, end: 2 })).toEqual(context.slice(1));
    expect(kept(undefined)).toEqual(context.slice(3));
  });

  it("is sent with its name, its text, and the paths of what it attaches", () => {
    const attached = code(3, 3, { path: "src/b.ts", source: "file:///b" });
    const task = promptTask({ ...prompt, context: [attached] }, { source: SOURCE, lines: undefined });
    const request = editRequest(task, target);
    expect(request).toMatchObject({ command: "port", paths: ["src/a.ts", "src/b.ts"], isPrivate: false });
    expect(JSON.stringify(request.messages)).toContain("lines 3 to 3");
    const isPrivate = { ...task, context: [{ ...attached, isPrivate: true }] };
    expect(editRequest(isPrivate, target).isPrivate).toBe(true);
  });
});

describe("the task to write tests", () => {
  const words = (isNew: boolean) =>
    testsTask({ code: "src/a.ts:1–2", file: "test/a.test.ts", isNew, context: [] }).instructions;

  it("names the code and the file, and says whether the file is new", () => {
    expect(words(true)).toMatch(/^Write tests for src\/a\.ts:1–2:.* is a new file, test\/a\.test\.ts/);
    expect(words(false)).toMatch(/is the file test\/a\.test\.ts\. Add the tests/);
  });
});
