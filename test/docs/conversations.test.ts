import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { inProject } from "../../scripts/project.ts";
import { readConversationFile } from "../../src/assistant/transfer/conversationFile.ts";

it("docs/conversations.md shows a conversation that can be imported", async () => {
  const text = await readFile(inProject("docs/conversations.md"), "utf8");
  const [, example = ""] = /```json\n([\s\S]*?)```/.exec(text) ?? [];
  expect(readConversationFile(example)).toEqual(JSON.parse(example).conversation);
});
