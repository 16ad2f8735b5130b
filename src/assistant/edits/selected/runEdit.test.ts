import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type EditEngine, editEngine } from "../../../../test/support/editEngine.ts";
import type { EditTarget } from "./editRequest.ts";
import { type EditCommand, editTask } from "./editTasks.ts";
import { runEdit } from "./runEdit.ts";

let edits: EditEngine;

beforeAll(async () => {
  edits = await editEngine({
    "switchyard.routes": [
      { name: "Fixes", when: { commands: ["fix"] }, models: ["west/sim-balanced"] },
      { name: "All", models: ["east/sim-cheap"] },
    ],
  });
});
afterEach(() => edits.simulator.clear());
afterAll(() => edits.close());

const TEXT =
  "import { a } from './a';\r\n\r\nexport function sum(xs: number[]) {\r\n  return a(xs);\r\n}\r\n";

const target = (isRestOpen: boolean): EditTarget => ({
  path: "src/sum.ts",
  language: "typescript",
  text: TEXT,
  range: { lines: { start: 2, end: 5 }, isRestOpen },
  isPrivate: false,
});

async function run(command: EditCommand, words: string, signal = new AbortController().signal) {
  const shown: string[] = [];
  const models: string[] = [];
  const progress = {
    onModel: (model: string) => void models.push(model),
    onText: (text: () => string) => void shown.push(text()),
  };
  const result = await runEdit(
    edits.engine,
    editTask(command, words),
    target(command === "fix"),
    progress,
    signal,
  );
  return { ...result, shown, models };
}

describe("an edit of selected code", () => {
  it("replaces a short selection, shows it, and is in the history with its command and cost", async () => {
    const { outcome, tries, shown, models } = await run("modify", "[replace: a(xs) => a(...xs)]");
    expect(outcome).toMatchObject({ kind: "edited", text: TEXT.replace("a(xs)", "a(...xs)"), unplaced: [] });
    expect(models).toEqual(["east/sim-cheap"]);
    expect(shown.at(-1)).toBe(TEXT.replace("a(xs)", "a(...xs)"));
    const [first] = tries;
    const record = await edits.ledger.history.decision(first?.decision.id ?? "");
    expect(record?.decision.attributes).toMatchObject({ command: "modify", paths: ["src/sum.ts"] });
    expect(record?.summary?.cost).toMatchObject({ kind: "exact" });
  });

  it("fixes with blocks, by the route of its command, also outside of the selection", async () => {
    edits.simulator.answerNext(
      "<<<<<<< SEARCH\nimport { a } from './a';\n=======\nimport { a } from './b';\n>>>>>>> REPLACE",
    );
    const { outcome, models } = await run("fix", "");
    expect(outcome).toMatchObject({ kind: "edited", text: TEXT.replace("./a", "./b") });
    expect(models).toEqual(["west/sim-balanced"]);
  });

  it("asks once more for blocks that have no place", async () => {
    const { outcome, tries } = await run("fix", "[edit: not-found] [replace: a(xs) => a(...xs)]");
    expect(tries).toHaveLength(2);
    expect(outcome).toMatchObject({ kind: "edited", text: TEXT.replace("a(xs)", "a(...xs)"), unplaced: [] });
  });

  it("reports blocks that have no place a second time, and makes the others", async () => {
    const found = "<<<<<<< SEARCH\n  return a(xs);\n=======\n  return 1;\n>>>>>>> REPLACE\n";
    const missing = "<<<<<<< SEARCH\nnowhere\n=======\nx\n>>>>>>> REPLACE\n";
    edits.simulator.answerNext(found + missing);
    edits.simulator.answerNext(missing);
    const { outcome } = await run("fix", "");
    expect(outcome).toMatchObject({ kind: "edited", text: TEXT.replace("a(xs)", "1") });
    expect(outcome.kind === "edited" && outcome.unplaced).toHaveLength(1);
  });

  it("asks once more where several code blocks could be meant", async () => {
    edits.simulator.answerNext("```ts\nexport {};\n```\nor\n```ts\nexport default 1;\n```");
    const { outcome, tries } = await run("modify", "[replace: a(xs) => 2]");
    expect(tries).toHaveLength(2);
    expect(outcome).toMatchObject({ kind: "edited", text: TEXT.replace("a(xs)", "2") });
  });

  it("gives the model's words where it edits nothing", async () => {
    const { outcome, tries } = await run("modify", "[edit: none]");
    expect(tries).toHaveLength(1);
    expect(outcome).toEqual({ kind: "no-edit", words: "Nothing needs to be changed here (simulated)." });
  });

  it("sends placeholders for what is not to leave this machine, and writes what they stand for", async () => {
    const masked: EditTarget = {
      ...target(false),
      text: TEXT.replace("a(xs)", "a(xs, `hunter1\r\nhunter2`)"),
      range: { lines: { start: 2, end: 6 }, isRestOpen: false },
      masks: [{ value: "hunter1\nhunter2", placeholder: "[removed: Password 1]" }],
    };
    const progress = { onModel: () => {}, onText: () => {} };
    const task = editTask("modify", "[replace: return => return await]");
    const { outcome } = await runEdit(edits.engine, task, masked, progress, new AbortController().signal);
    expect(outcome).toMatchObject({ text: masked.text.replace("return", "return await") });
    expect(JSON.stringify(edits.simulator.requests().at(-1))).not.toContain("hunter");
  });

  it("uses nothing of an answer that broke, reached its limit or was cancelled", async () => {
    edits.simulator.injectFault({ fault: { kind: "cut", afterTokens: 3, how: "reset" }, times: "always" });
    expect((await run("modify", "[replace: a(xs) => 2]")).outcome).toEqual({ kind: "unanswered" });
    edits.simulator.clear();
    const controller = new AbortController();
    const running = run("modify", "[replace: a(xs) => 2]", controller.signal);
    controller.abort();
    const { outcome, tries } = await running;
    expect(outcome).toEqual({ kind: "unanswered" });
    expect(tries.at(-1)?.summary.ending.kind).toBe("stopped");
  });
});
