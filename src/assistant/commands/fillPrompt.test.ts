import { describe, expect, it } from "vitest";
import type { ContextItem } from "../../contract/context.ts";
import type { Prompt } from "../../contract/conversation.ts";
import { BUILT_IN_COMMANDS } from "./builtIn.ts";
import { type FilledPrompt, fillPrompt, type PromptTemplate } from "./fillPrompt.ts";

const place = { language: "typescript", startLine: 3, endLine: 9, text: "x", tokens: 1, isPrivate: false };
const selection: ContextItem = { kind: "selection", path: "src/a.ts", ...place };
const secret: ContextItem = { kind: "selection", path: "src/b.pem", ...place, isPrivate: true };
const file: ContextItem = { kind: "file", path: "src/a.ts", ...place, startLine: 1 };
const changes: ContextItem = {
  kind: "changes",
  paths: ["src/a.ts"],
  text: "-a",
  tokens: 1,
  isPrivate: false,
};
const problems: ContextItem = {
  kind: "problems",
  path: "src/a.ts",
  paths: ["src/a.ts"],
  count: 2,
  text: "error",
  tokens: 1,
  isPrivate: false,
};

type Editor = {
  readonly selection?: readonly ContextItem[];
  readonly file?: ContextItem;
  readonly problems?: ContextItem;
  readonly changes?: ContextItem;
  readonly language?: string;
};

/** Fills a template from an editor. */
function fill(template: PromptTemplate | string, editor: Editor, prompt: Partial<Prompt> = {}) {
  const known = typeof template === "string" ? { name: "mine", text: template } : template;
  const all = { text: "", context: [], ...prompt };
  return fillPrompt(
    known,
    all,
    {
      gather: async (what) => {
        const selected =
          editor.selection ?? (what === "selected-or-file" && editor.file ? [editor.file] : []);
        const items =
          what === "selection" || what === "selected-or-file"
            ? selected
            : [editor[what]].flatMap((item) => item ?? []);
        return items.length > 0 ? { kind: "items", items } : { kind: "none", reason: `No ${what}.` };
      },
      language: () => editor.language,
      noLanguage: () => "No language.",
    },
    0,
  );
}

function builtIn(name: string): PromptTemplate {
  const found = BUILT_IN_COMMANDS.find((command) => command.name === name);
  if (found === undefined) throw new Error(name);
  return found;
}

function promptOf(filled: FilledPrompt): Prompt {
  if (filled.kind === "missing") throw new Error(filled.reason);
  return filled.prompt;
}

describe("the placeholders of a prompt", () => {
  it("attach their content, once, and name it in the text", async () => {
    const text =
      "Look at {selection} and {selection} of {file} in {language}: {problems}, {changes}. {other}";
    const editor = { selection: [selection, secret], file, problems, changes, language: "go" };
    const prompt = promptOf(await fill(text, editor, { text: "Briefly", explicitModel: "a/b" }));
    expect(prompt).toEqual({
      text: "Briefly",
      explicitModel: "a/b",
      command: "mine",
      instructions:
        "Look at src/a.ts:3–9, src/b.pem:3–9 and src/a.ts:3–9, src/b.pem:3–9 of src/a.ts in typescript: the problems in src/a.ts, the uncommitted changes. {other}",
      context: [selection, secret, file, problems, changes],
    });
  });

  it("take what the user has attached before what the editor has now", async () => {
    const elsewhere: ContextItem = { ...selection, path: "src/z.ts" };
    const prompt = promptOf(
      await fill("Explain {selection}", { selection: [selection] }, { context: [elsewhere] }),
    );
    expect(prompt).toMatchObject({ instructions: "Explain src/z.ts:3–9", context: [elsewhere] });
  });

  it("keep what else is attached", async () => {
    const prompt = promptOf(
      await fill("Explain {selection}", { selection: [selection] }, { context: [file] }),
    );
    expect(prompt.context).toEqual([file, selection]);
  });

  it("name everything that is missing, each reason once", async () => {
    const all = "{selection} {file} {language} {problems} {changes}";
    expect(await fill(all, {})).toEqual({
      kind: "missing",
      reason: "No selection. No file. No problems. No changes. No language.",
    });
  });

  it("are not replaced within what replaces them, nor in the user's words", async () => {
    const hostile: ContextItem = { ...file, path: "{changes}.ts" };
    const prompt = promptOf(await fill("Explain {file}", { file: hostile }, { text: "why {selection}" }));
    expect(prompt).toMatchObject({ instructions: "Explain {changes}.ts", text: "why {selection}" });
  });

  it("know the language of the editor where no code is attached", async () => {
    const prompt = promptOf(await fill("Write {language}", { language: "rust" }));
    expect(prompt).toMatchObject({ instructions: "Write rust", context: [] });
  });
});

describe("a built-in command", () => {
  it("attaches the selected code, else the file, unless something is attached", async () => {
    const tests = builtIn("tests");
    expect(promptOf(await fill(tests, { selection: [selection], file })).context).toEqual([selection]);
    expect(promptOf(await fill(tests, { file })).context).toEqual([file]);
    expect(
      promptOf(await fill(tests, { file, selection: [selection] }, { context: [changes] })).context,
    ).toEqual([changes]);
  });

  it("needs code or the user's words", async () => {
    const fix = builtIn("fix");
    expect(await fill(fix, {})).toEqual({ kind: "missing", reason: "No selected-or-file." });
    expect(promptOf(await fill(fix, {}, { text: "let a = ;" }))).toMatchObject({
      text: "let a = ;",
      context: [],
    });
  });

  it("explains what the user asks about instead of a file that is only open", async () => {
    const explain = builtIn("explain");
    expect(promptOf(await fill(explain, { file }, { text: "monads" }))).toMatchObject({
      instructions: "Explain this.",
      context: [],
    });
    expect(
      promptOf(await fill(explain, { selection: [selection], file }, { text: "the loop" })),
    ).toMatchObject({
      instructions: "Explain this code.",
      context: [selection],
    });
    expect(promptOf(await fill(explain, { file })).context).toEqual([file]);
  });

  it("writes a commit message for what is not committed, and for nothing else", async () => {
    const commit = builtIn("commit");
    const prompt = promptOf(await fill(commit, { changes, selection: [selection] }));
    expect(prompt.context).toEqual([changes]);
    expect(prompt.instructions).toContain("Write a commit message for the uncommitted changes:");
    expect(await fill(commit, { selection: [selection] })).toMatchObject({ kind: "missing" });
  });
});
