import { describe, expect, it } from "vitest";
import { decisionOf, summaryOf } from "../../../test/support/ledgers/ledgerRecords.ts";
import { createTestLedger } from "../../../test/support/ledgers/testLedger.ts";
import { attachedImage } from "../../../test/support/views/images.ts";
import type { Conversation, Turn } from "../../contract/conversation.ts";
import { readConversationFile, writeConversationFile } from "./conversationFile.ts";
import { conversationMarkdown } from "./conversationMarkdown.ts";
import type { WholeConversation } from "./conversationSchema.ts";
import { importConversation } from "./importConversation.ts";

const overloaded = { kind: "overloaded", provider: "openai", status: 529, message: "Busy" } as const;

const decided = decisionOf("d1", 1_000, "fix");
const decisionByUser = { ...decided, attributes: { ...decided.attributes, user: "user-4711" } };

const answered: Turn = {
  id: "t1",
  atMs: 1_000,
  prompt: {
    text: "Wait longer\neach time",
    command: "fix",
    instructions: "Fix this code.",
    explicitModel: "openai/gpt-6-luna",
    context: [
      {
        kind: "selection",
        path: "src/retry.ts",
        language: "typescript",
        startLine: 12,
        endLine: 48,
        text: "let wait;",
        tokens: 6,
        isPrivate: false,
        source: "file:///home/me/src/retry.ts",
      },
      { kind: "image", ...attachedImage(), text: "", tokens: 0, isPrivate: false },
    ],
  },
  answer: {
    text: "Use `Retry-After`:\n\n```ts\nwait();",
    decision: decisionByUser,
    decidedInMs: 1.5,
    fallbacks: [{ from: "openai/gpt-6-luna", to: "anthropic/claude-sonnet-5-5", failure: overloaded }],
    handoffs: [{ at: 3, from: "openai/gpt-6-luna", to: "anthropic/claude-sonnet-5-5" }],
    summary: summaryOf("d1", 120, { kind: "complete" }),
    thumb: "up",
  },
  leftOut: 0,
};
const broken: Turn = {
  ...answered,
  id: "t2",
  prompt: { text: "And now?", context: [] },
  answer: {
    text: "",
    fallbacks: [],
    summary: { ...summaryOf("d2", 0, { kind: "failed", failure: overloaded }), modelUsed: undefined },
  },
};
const again: Turn = { ...broken, id: "t3", answer: { text: "It waits.", fallbacks: [] } };

const conversation: WholeConversation = {
  id: "c1",
  title: "Retry that respects Retry-After",
  createdAtMs: 900,
  updatedAtMs: 1_200,
  isPrivate: false,
  leftOut: 1,
  turns: [answered, broken, again],
  tree: [
    { id: "t1", parent: null, variantOf: null, chosen: 1 },
    { id: "t2", parent: "t1", variantOf: null, chosen: 4 },
    { id: "t3", parent: "t1", variantOf: "t2", chosen: 3 },
  ],
};

const text = writeConversationFile(conversation, 5_000);

/** The text of the file after a change of its conversation. */
// biome-ignore lint/suspicious/noExplicitAny: it puts values of wrong types anywhere
function changed(change: (conversation: Record<string, unknown> & { turns: any[] }) => void): string {
  const file = JSON.parse(text);
  change(file.conversation);
  return JSON.stringify(file);
}

describe("an exported conversation", () => {
  it("is read again as it was, with attached code, decisions, costs and every variant", () => {
    const read = readConversationFile(text);
    const [first] = read.turns;
    expect(first?.answer.decision?.attributes).toEqual({ ...answered.answer.decision?.attributes, user: "" });
    expect({ ...read, turns: read.turns.slice(1) }).toEqual(
      JSON.parse(JSON.stringify({ ...conversation, turns: conversation.turns.slice(1) })),
    );
    const [item, image] = answered.prompt.context;
    expect(first?.prompt).toEqual({ ...answered.prompt, context: [{ ...item, source: undefined }, image] });
    expect(first?.answer.summary).toEqual(answered.answer.summary);
  });

  it("names neither the user nor a folder of the machine, and none is read from a file", () => {
    expect(text).not.toContain("user-4711");
    expect(text).not.toContain("/home/me");
    const file = changed(({ turns }) => {
      turns[0].prompt.context[0].source = "file:///etc/passwd";
    });
    expect(readConversationFile(file).turns[0]?.prompt.context[0]?.source).toBeUndefined();
  });

  it("is imported as the same conversation, last used now, and again with an id of its own", async () => {
    const { clock, open } = createTestLedger();
    const { history, budget } = await open();
    let ids = 0;
    const deps = { history, now: () => clock.nowMs, newId: () => `new${++ids}` };
    expect(await importConversation(readConversationFile(text), deps)).toBe("c1");
    expect(await importConversation(readConversationFile(text), deps)).toBe("new1");
    for (const id of ["c1", "new1"]) {
      const { title, turns, tree, leftOut } = conversation;
      expect(await history.wholeConversation(id)).toMatchObject({
        ...{ title, tree, leftOut, updatedAtMs: clock.nowMs },
        turns: turns.map((turn) => ({ id: turn.id })),
      });
      expect((await history.conversation(id))?.turns.map((turn) => turn.id)).toEqual(["t1", "t2"]);
    }
    expect(await history.conversations("waits", 10)).toHaveLength(2);
    expect((await budget.today()).spentNanoUsd).toBe(0);
    expect(await history.decision("d1")).toBeUndefined();
  });

  it("is listed with the highest amount if its costs add up to more", async () => {
    const { clock, open } = createTestLedger();
    const { history } = await open();
    const file = changed((each) => {
      each.turns[0].answer.summary.cost.nanoUsd = Number.MAX_SAFE_INTEGER - 42;
    });
    const deps = { history, now: () => clock.nowMs, newId: () => "new" };
    const id = await importConversation(readConversationFile(file), deps);
    await history.saveTurn(id, {
      ...answered,
      id: "t4",
      answer: { ...broken.answer, summary: summaryOf("d3", 9_000, { kind: "complete" }) },
    });
    const [row] = await history.conversations("", 10);
    expect(row?.nanoUsd).toBe(Number.MAX_SAFE_INTEGER);
  });

  it("stays with local models if any attached code was private, whatever the file says", async () => {
    const { clock, open } = createTestLedger();
    const { history } = await open();
    const file = changed(({ turns }) => {
      turns[0].prompt.context[0].isPrivate = true;
    });
    const id = await importConversation(readConversationFile(file), {
      history,
      now: () => clock.nowMs,
      newId: () => "new",
    });
    expect((await history.conversation(id))?.isPrivate).toBe(true);
  });
});

describe("a file that is not one", () => {
  it.each([
    ["{", "It is not JSON."],
    ["[".repeat(600), "It is nested more than 500 levels deep."],
    ["[]", "It is not an exported conversation: “format” is not “switchyard-conversation”."],
    [
      '{"format":"chatgpt"}',
      "It is not an exported conversation: “format” is not “switchyard-conversation”.",
    ],
    [
      '{"format":"switchyard-conversation","version":2}',
      "Its format has version 2, and this version of Switchyard reads up to 1.",
    ],
    [
      changed((each) => {
        each.turns[1].answer.text = 5;
      }),
      "turns[1].answer.text: Expected a string, found 5.",
    ],
    [
      changed((each) => {
        each.turns[0].answer.summary.cost.nanoUsd = -1;
      }),
      "turns[0].answer.summary.cost.nanoUsd: -1 is too small. Use 0 or more.",
    ],
    [
      changed((each) => {
        each["createdAtMs"] = 1e16;
      }),
      /^createdAtMs: 10000000000000000 is too large/,
    ],
    [
      changed((each) => {
        for (const turn of each.turns.slice(0, 2)) turn.answer.summary.cost.nanoUsd = Number.MAX_SAFE_INTEGER;
      }),
      "The costs of its answers are too large.",
    ],
    [
      changed((each) => {
        each.turns[0].prompt.context[0].endLine = 2 ** 31;
      }),
      /^turns\[0\]\.prompt\.context\[0\]\.endLine: 2147483648 is too large/,
    ],
    [
      changed((each) => {
        each["tree"] = conversation.tree?.map((place) => ({ ...place, chosen: Number.MAX_SAFE_INTEGER }));
      }),
      /^tree\[0\]\.chosen: 9007199254740991 is too large/,
    ],
    [
      changed((each) => {
        each.turns[1].id = "t1";
      }),
      "Two turns have the same id.",
    ],
    [
      changed((each) => {
        each["tree"] = [
          { id: "t1", parent: "t2", variantOf: null, chosen: 1 },
          { id: "t2", parent: "t1", variantOf: null, chosen: 2 },
          { id: "t3", parent: "t1", variantOf: null, chosen: 3 },
        ];
      }),
      "“tree” puts a turn before the one that it follows.",
    ],
    [
      changed((each) => {
        each["tree"] = [];
      }),
      "“tree” does not have the ids of “turns” in their order.",
    ],
    [
      changed((each) => {
        each.turns[0].answer.handoffs[0].at = 1_000;
      }),
      /^turns\[0\]\.answer: /,
    ],
    [
      changed((each) => {
        each.turns.length = 0;
      }),
      /^turns: /,
    ],
  ])("is rejected with the place and the reason: %#", (file, message) => {
    expect(() => readConversationFile(file)).toThrow(message);
  });

  it("loses fields that no version knows, and a decision of another shape", () => {
    const file = changed((each) => {
      each["__proto__x"] = { polluted: true };
      each["isPinned"] = true;
      each.turns[0].answer.decision.outcome = { kind: "chosen", chain: [] };
    });
    const read = readConversationFile(file.replace("__proto__x", "__proto__"));
    expect(Object.keys(read)).not.toContain("isPinned");
    expect(Reflect.get(read, "polluted")).toBeUndefined();
    expect(read.turns[0]?.answer.decision).toBeUndefined();
    expect(read.turns[0]?.answer.text).toBe(answered.answer.text);
  });
});

describe("a conversation as Markdown", () => {
  it("has the shown turns with model, route, cost and time, and closes a code block that was cut", () => {
    const shown: Pick<Conversation, "title" | "turns" | "createdAtMs"> = {
      ...conversation,
      turns: [answered, broken],
      createdAtMs: new Date(2026, 10, 21, 12).getTime(),
    };
    expect(conversationMarkdown(shown, "en")).toBe(`# Retry that respects Retry-After

*November 21, 2026 · $0.000000084*

## You

\`/fix\` Wait longer
each time

Attached: \`src/retry.ts:12–48\`, \`screen.png\`

## gpt-6-luna

Use \`Retry-After\`:

\`\`\`ts
wait();
\`\`\`

*Hard · $0.000000042 · 1.0\u00a0s*

## You

And now?

## No answer

> b is overloaded

*$0.000000042 · 1.0\u00a0s*
`);
  });
});
