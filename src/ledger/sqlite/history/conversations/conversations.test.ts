import { describe, expect, it } from "vitest";
import { conversationOf, turnOf } from "../../../../../test/support/ledgers/ledgerRecords.ts";
import { createTestLedger } from "../../../../../test/support/ledgers/testLedger.ts";
import type { Turn } from "../../../../contract/conversation.ts";

describe("conversations", () => {
  it("are returned with their turns in order, each as it was last saved", async () => {
    const { history } = await createTestLedger().open();
    await history.saveConversation(conversationOf("c"));
    const first = turnOf("t1", 2_000, "First?", "Yes.", { kind: "exact", nanoUsd: 5 });
    const second = turnOf("t2", 3_000, "Second?", "No.", { kind: "estimated", nanoUsd: 6 });
    await history.saveTurn("c", turnOf("t1", 2_000, "First?", ""));
    await history.saveTurn("c", second);
    await history.saveTurn("c", first);
    expect(await history.conversation("c")).toEqual({
      ...conversationOf("c", { updatedAtMs: 3_000 }),
      turns: [first, second],
    });
  });

  it("have a tree of turns, of which those that were sent or shown last are returned", async () => {
    const { history } = await createTestLedger().open();
    await history.saveConversation(conversationOf("c"));
    const one = turnOf("t0", 0, "one", "");
    const two = turnOf("t1", 1, "two", "");
    const again = turnOf("t2", 2, "two", "again");
    const three = turnOf("t3", 3, "three", "");
    const edited = turnOf("t4", 4, "edited", "");
    await history.saveTurn("c", one);
    await history.saveTurn("c", two);
    expect((await history.conversation("c"))?.tree).toBeUndefined();
    await history.saveTurn("c", again, { parent: "t0", variantOf: "t1" });
    await history.saveTurn("c", three);
    await history.saveTurn("c", edited, { parent: null, variantOf: null });
    const shown = async () => (await history.conversation("c"))?.turns;
    expect(await shown()).toEqual([edited]);
    await history.showTurn("c", "t0");
    expect(await shown()).toEqual([one, again, three]);
    await history.saveTurn("c", edited, { parent: null, variantOf: null });
    expect(await shown()).toEqual([one, again, three]);
    await history.showTurn("c", "t1");
    expect(await shown()).toEqual([one, two]);
    expect((await history.conversation("c"))?.tree).toEqual([
      { id: "t0", parent: null, variantOf: null, chosen: 6 },
      { id: "t1", parent: "t0", variantOf: null, chosen: 7 },
      { id: "t2", parent: "t0", variantOf: "t1", chosen: 3 },
      { id: "t3", parent: "t2", variantOf: null, chosen: 4 },
      { id: "t4", parent: null, variantOf: null, chosen: 5 },
    ]);
    await history.removeTurn("c", "t2");
    await history.showTurn("c", "t3");
    expect(await shown()).toEqual([one, three]);
  });

  it("have the summaries of the answers that are not shown", async () => {
    const { history } = await createTestLedger().open();
    await history.saveConversation(conversationOf("c"));
    const answered = turnOf("t0", 0, "one", "Yes.", { kind: "exact", nanoUsd: 5 });
    await history.saveTurn("c", answered);
    expect(await history.hiddenSummaries("c", ["t0"])).toEqual([]);
    await history.saveTurn("c", turnOf("t1", 1, "one", ""), { parent: null, variantOf: "t0" });
    expect(await history.hiddenSummaries("c", ["t1"])).toEqual([answered.answer.summary]);
  });

  it("are returned with the number of turns that are left out, as it was last saved", async () => {
    const { history } = await createTestLedger().open();
    await history.saveConversation(conversationOf("c", { leftOut: 3 }));
    expect((await history.conversation("c"))?.leftOut).toBe(3);
    await history.saveConversation(conversationOf("c"));
    expect((await history.conversation("c"))?.leftOut).toBeUndefined();
  });

  it("are listed with the newest first, and with the cost of their answers", async () => {
    const { history } = await createTestLedger().open();
    await history.saveConversation(conversationOf("old"));
    await history.saveConversation(conversationOf("new", { updatedAtMs: 9_000, isPrivate: true }));
    await history.saveTurn("old", turnOf("t1", 2_000, "?", "!", { kind: "exact", nanoUsd: 5 }));
    await history.saveTurn("old", turnOf("t2", 3_000, "?", "!", { kind: "estimated", nanoUsd: 6 }));
    await history.saveTurn("new", turnOf("t1", 2_000, "?", "!", { kind: "unknown" }));
    expect(await history.conversations("", 10)).toEqual([
      {
        id: "new",
        title: "Title of new",
        updatedAtMs: 9_000,
        isPrivate: true,
        answers: 1,
        nanoUsd: 0,
        costKind: "unknown",
      },
      {
        id: "old",
        title: "Title of old",
        updatedAtMs: 3_000,
        isPrivate: false,
        answers: 2,
        nanoUsd: 11,
        costKind: "estimated",
      },
    ]);
    expect(await history.conversations("", 1)).toHaveLength(1);
  });

  it("are found by title, prompt and answer, literally and in any case", async () => {
    const { history } = await createTestLedger().open();
    await history.saveConversation(conversationOf("title", { title: "Über Größen" }));
    await history.saveConversation(conversationOf("texts", { title: "x" }));
    await history.saveTurn("texts", turnOf("t", 1, "Is 100%_sure right?", "ÄPFEL are 'fine'"));
    const found = async (query: string) => (await history.conversations(query, 10)).map((row) => row.id);
    expect(await found("über")).toEqual(["title"]);
    expect(await found(" äpfel ")).toEqual(["texts"]);
    expect(await found("100%_S")).toEqual(["texts"]);
    expect(await found("1%e")).toEqual([]);
    expect(await found("'fine'")).toEqual(["texts"]);
  });

  it("are found by all words of a query, in any order and in different turns", async () => {
    const { history } = await createTestLedger().open();
    await history.saveConversation(conversationOf("c", { title: "Why the queue retries twice" }));
    await history.saveTurn("c", turnOf("t1", 1, "And the upload?", "It runs by hand"));
    await history.saveTurn("c", turnOf("t2", 2, "When?", "On Friday"));
    const found = async (query: string) => (await history.conversations(query, 10)).length;
    expect(await found("twice queue")).toBe(1);
    expect(await found("queue friday HAND")).toBe(1);
    expect(await found("queue monday")).toBe(0);
  });

  it("are found with a part of the text around a word that the title does not contain", async () => {
    const { history } = await createTestLedger().open();
    await history.saveConversation(conversationOf("c", { title: "Release checklist" }));
    const code = "```sh\nmirror --status\n```";
    const answer = `Wait for the mirrors,\n\nor **Retry** the upload by hand ${"and look at it again ".repeat(9)}\n${code}`;
    await history.saveTurn("c", turnOf("t", 1, "What is left to do?", answer));
    const snippet = async (query: string) => (await history.conversations(query, 10))[0]?.snippet;
    expect(await snippet("retry")).toMatch(
      /^… for the mirrors, or \*\*Retry\*\* the upload by hand and look .*…$/,
    );
    expect(await snippet("release upload")).toMatch(/upload by hand/);
    expect(await snippet("what is")).toMatch(/^What is left to do\? Wait/);
    expect(await snippet("mirror --status")).toMatch(/again mirror --status$/);
    expect(await snippet("release")).toBeUndefined();
    expect(await snippet("")).toBeUndefined();
    const blank = `${"\n\t".repeat(200_000)}~~~${"~".repeat(200_000)}\``;
    await history.saveTurn("c", turnOf("t2", 2, "And then?", `${blank} Archive it`));
    expect(await snippet("archive")).toMatch(/Archive it$/);
  });

  it("are listed with the pinned ones first, which are kept however old they are", async () => {
    const { clock, open } = createTestLedger();
    const { history } = await open();
    await history.saveConversation(conversationOf("old", { updatedAtMs: 1 }));
    await history.saveConversation(conversationOf("new", { updatedAtMs: clock.nowMs }));
    await history.pinConversation("old", true);
    // A window that does not know of the pin saves the conversation with its next prompt.
    await history.saveConversation(conversationOf("old", { updatedAtMs: 2 }));
    await history.forget({ conversationDays: 90, historyDays: 400 }, clock.nowMs);
    const pinned = async () =>
      (await history.conversations("", 10)).map(({ id, isPinned }) => [id, isPinned]);
    expect(await pinned()).toEqual([
      ["old", true],
      ["new", undefined],
    ]);
    expect((await history.conversation("old"))?.isPinned).toBe(true);
    await history.pinConversation("old", false);
    expect(await pinned()).toEqual([
      ["new", undefined],
      ["old", undefined],
    ]);
  });

  it("are added with all their turns, unless their id is taken, even by a removed one", async () => {
    const { history } = await createTestLedger().open();
    const free = { kind: "exact", nanoUsd: 0 } as const;
    const turns = [turnOf("t1", 5, "?", "!", free), turnOf("t2", 6, "?", "!", free)];
    const added = { ...conversationOf("c"), turns };
    expect(await history.addConversation(added)).toBe(true);
    expect((await history.conversation("c"))?.turns).toEqual(added.turns);
    await history.removeConversation("c");
    expect(await history.addConversation({ ...added, title: "Other", turns: [] })).toBe(false);
    await history.restoreConversation("c");
    expect(await history.conversation("c")).toMatchObject({ title: "Title of c", turns: added.turns });
  });

  it("are returned whole, and added again, with the turns that are not shown", async () => {
    const { history } = await createTestLedger().open();
    const free = { kind: "exact", nanoUsd: 0 } as const;
    await history.saveConversation(conversationOf("c"));
    await history.saveTurn("c", turnOf("t1", 1_001, "First?", "One.", free));
    await history.saveTurn("c", turnOf("t2", 1_002, "Second?", "Two.", free));
    const again = turnOf("t3", 1_003, "Second?", "Zwei.", free);
    await history.saveTurn("c", again, { parent: "t1", variantOf: "t2" });
    await history.showTurn("c", "t2");
    const whole = await history.wholeConversation("c");
    expect(whole?.turns.map(({ id }) => id)).toEqual(["t1", "t2", "t3"]);
    if (whole === undefined) throw new Error("The conversation is gone");
    expect(await history.addConversation({ ...whole, id: "copy" })).toBe(true);
    expect(await history.wholeConversation("copy")).toEqual({ ...whole, id: "copy" });
    expect((await history.conversation("copy"))?.turns.map(({ id }) => id)).toEqual(["t1", "t2"]);
  });

  it("stay private once they were private", async () => {
    const { history } = await createTestLedger().open();
    await history.saveConversation(conversationOf("c", { isPrivate: true }));
    await history.saveConversation(conversationOf("c", { isPrivate: false }));
    expect((await history.conversation("c"))?.isPrivate).toBe(true);
  });

  it("are hidden once removed, and can be restored until they are forgotten", async () => {
    const { clock, open } = createTestLedger();
    const { history } = await open();
    await history.saveConversation(conversationOf("c", { updatedAtMs: clock.nowMs }));
    expect(await history.removeConversation("c")).toBe("Title of c");
    expect(await history.conversations("", 10)).toEqual([]);
    expect(await history.conversation("c")).toBeUndefined();
    await history.restoreConversation("c");
    expect(await history.conversations("", 10)).toHaveLength(1);
    await history.removeConversation("c");
    await history.forget({ conversationDays: 90, historyDays: 400 }, clock.nowMs);
    await history.restoreConversation("c");
    expect(await history.conversations("", 10)).toEqual([]);
  });

  it("return the newest prompts of all of them, as the user wrote them, but not those of removed ones", async () => {
    const { history } = await createTestLedger().open();
    for (const id of ["a", "b", "removed"]) await history.saveConversation(conversationOf(id));
    const prompts: [conversation: string, prompt: Turn["prompt"]][] = [
      ["a", { text: "first", context: [] }],
      ["b", { text: "loop", command: "fix", instructions: "Fix this code.", context: [] }],
      ["removed", { text: "secret", context: [] }],
      ["a", { text: "last", command: "ask", context: [] }],
    ];
    for (const [index, [id, prompt]] of prompts.entries())
      await history.saveTurn(id, { ...turnOf(`t${index}`, index, "", "Yes."), prompt });
    await history.removeConversation("removed");
    expect(await history.recentPrompts(10)).toEqual([
      { text: "last", command: "ask" },
      { text: "loop", command: "fix", instructions: "Fix this code." },
      { text: "first" },
    ]);
    expect(await history.recentPrompts(1)).toHaveLength(1);
  });
});

describe("the choice of a model", () => {
  it("is stored with a new conversation, and then changes only when the user chooses again", async () => {
    const { history } = await createTestLedger().open();
    const choiceOf = async (id: string) => (await history.conversation(id))?.choice;
    await history.saveConversation(conversationOf("c", { choice: { model: "a/m", effort: "low" } }));
    expect(await choiceOf("c")).toEqual({ model: "a/m", effort: "low" });
    await history.chooseModel("c", { model: "b/n" });
    // Another window does not know of it yet.
    await history.saveConversation(conversationOf("c", { title: "New", choice: { model: "a/m" } }));
    expect(await choiceOf("c")).toEqual({ model: "b/n", effort: undefined });
    await history.chooseModel("c", {});
    expect(await choiceOf("c")).toBeUndefined();
  });
});
