import { describe, expect, it } from "vitest";
import { readPromptFile } from "./promptFile.ts";

describe("a prompt file", () => {
  it("is named like its file, and its whole text is the prompt", () => {
    expect(readPromptFile("ticket.md", "Write a ticket.\n\n---\nfor {problems}\n")).toEqual({
      name: "ticket",
      text: "Write a ticket.\n\n---\nfor {problems}",
      edit: false,
    });
    expect(readPromptFile("my ticket.MD", "x")?.name).toBe("my-ticket");
  });

  it.each([
    ["---\ndescription: Write a ticket\nmode: ask\n---\nText", "Write a ticket"],
    ['\uFEFF---\r\nmode: ask\r\ndescription: "Write: a ticket"\r\n---\r\n\r\nText', "Write: a ticket"],
    ["---\n---\nText", undefined],
    ["---\ndescription:\n---\nText", undefined],
    ["---\ndescription: a\u202Eb\u0007\u200Bc\n---\nText", "a b c"],
  ])("has a description in its front matter, which is no part of the prompt: %j", (content, description) => {
    expect(readPromptFile("a.md", content)).toEqual({ name: "a", text: "Text", description, edit: false });
  });

  it("edits the selected code only if its front matter has `edit: true`", () => {
    const edits = (content: string) => readPromptFile("a.md", content)?.edit;
    expect(edits("---\ndescription: x\nedit: true\n---\nText")).toBe(true);
    for (const content of ["edit: true", "---\nedit: false\n---\nText", "---\n---\nedit: true"])
      expect(edits(content), content).toBe(false);
  });

  it("shows a part of a long description", () => {
    const content = `---\ndescription: ${"x".repeat(5000)}\n---\nText`;
    expect(readPromptFile("a.md", content)?.description).toHaveLength(100);
  });

  it("is no prompt without a text, with too long a text, or with a name that is no command", () => {
    for (const [name, content] of [
      ["a.md", "---\ndescription: x\n---\n \n"],
      ["a.md", "x".repeat(20_001)],
      [".md", "x"],
      ["../a.md", "x"],
      ["new.md", "x"],
      ["‮a.md", "x"],
    ] as const)
      expect(readPromptFile(name, content), name).toBeUndefined();
  });

  it("reads a front matter that never ends in time that grows with its length", () => {
    const content = `---\n${"description: \n".repeat(1500)}`;
    expect(readPromptFile("a.md", content)?.description).toBeUndefined();
  });

  it("reads a description in time that grows with its length", () => {
    const content = `---\ndescription: a${" ".repeat(20_000)}b\n---\ntext`;
    expect(readPromptFile("a.md", content)?.description).toMatch(/^a *$/);
  });
});
