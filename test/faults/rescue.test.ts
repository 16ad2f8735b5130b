import { describe, expect, it } from "vitest";
import { textOf } from "../../src/contract/message.ts";
import { CUT, END, ScriptedChain } from "./scriptedModels.ts";

const BEGINNING = "A closure is a function together with the scope in which it was made, so";
const REST = " it still sees the names of that scope.";
const WHOLE = BEGINNING + REST;
const ANCHORED = `scope in which it was made, so${REST}`;

const torn = { says: [[BEGINNING.slice(0, 30), BEGINNING.slice(30), CUT]] };
const joins = { says: [[`the ${ANCHORED.slice(0, 20)}`, ANCHORED.slice(20), END]] };
const ignores = {
  says: [
    ["Closures! ".repeat(60), END],
    ["Closures capture variables.", END],
  ],
};

const kindsOf = (events: readonly { readonly type: string }[]) => events.map(({ type }) => type);
const outcomesOf = ({ attempts }: { readonly attempts: readonly { readonly outcome: { kind: string } }[] }) =>
  attempts.map(({ outcome }) => outcome.kind);

describe("an answer that was torn after a part of it was shown", () => {
  it("is gone on with by a model that begins with its last words; nothing is shown twice", async () => {
    await using chain = await ScriptedChain.open({ a: torn, b: joins });
    const { text, events, summary } = await chain.run();
    expect(text).toBe(WHOLE);
    expect(kindsOf(events)).not.toContain("restarted");
    expect(summary).toMatchObject({
      ending: { kind: "complete" },
      modelUsed: "b/m",
      fallbackCount: 1,
      handoffs: [{ from: "a/m", to: "b/m", method: "anchor" }],
    });
  });

  it("shows the model what is there, and asks for its last eight words", async () => {
    await using chain = await ScriptedChain.open({ a: torn, b: joins });
    await chain.run();
    const [beginning, wish] = chain.asks[1]?.ask.appended ?? [];
    expect(beginning).toMatchObject({ role: "assistant", parts: [{ text: BEGINNING }] });
    expect(wish?.role).toBe("user");
    expect(wish === undefined ? "" : textOf(wish)).toContain("the scope in which it was made, so\n");
  });

  it("is continued as an assistant's beginning, where the model's API takes one", async () => {
    await using chain = await ScriptedChain.open({ a: torn, b: { prefill: true, says: [[REST, END]] } });
    const { text, summary } = await chain.run();
    expect(text).toBe(WHOLE);
    expect(chain.asks[1]?.ask.appended).toEqual([
      { role: "assistant", parts: [{ type: "text", text: BEGINNING }] },
    ]);
    expect(summary.handoffs).toEqual([{ from: "a/m", to: "b/m", method: "prefill" }]);
  });

  it("is shown to a model whose server refuses an assistant's beginning", async () => {
    const refusal = { kind: "bad-request", provider: "b", status: 400, message: "No prefill." } as const;
    await using chain = await ScriptedChain.open({
      a: torn,
      b: { prefill: true, says: [[refusal], ...joins.says] },
    });
    const { text, summary } = await chain.run();
    expect(text).toBe(WHOLE);
    expect(summary.handoffs).toEqual([{ from: "a/m", to: "b/m", method: "anchor" }]);
  });

  it("is passed on where a model does not join it: that one is stopped, and none of it is shown", async () => {
    await using chain = await ScriptedChain.open({
      a: torn,
      b: { says: [Array(200).fill("Closures! ")] },
      c: joins,
    });
    const { text, events, summary } = await chain.run();
    expect(text).toBe(WHOLE);
    expect(outcomesOf(summary)).toEqual(["failed", "not-resumed", "answered"]);
    // Whoever did not join it, did not break.
    const steps = events.flatMap((event) => (event.type === "failedOver" ? [[event.from, event.to]] : []));
    expect(steps).toEqual([
      ["a/m", "b/m"],
      ["a/m", "c/m"],
    ]);
    expect(chain.stopped).toBe(1);
    expect(summary).toMatchObject({ modelUsed: "c/m", fallbackCount: 2 });
    // It wrote, so it is paid.
    expect(summary.attempts[1]?.cost).toMatchObject({ kind: "estimated" });
  });

  it("starts anew with a model that could not join it, where what was shown can be taken back", async () => {
    await using chain = await ScriptedChain.open({ a: torn, b: ignores });
    const { text, summary } = await chain.run({ canTakeBack: true });
    expect(text).toBe("Closures capture variables.");
    expect(chain.asks.at(-1)?.ask.appended).toBeUndefined();
    expect(summary).toMatchObject({
      ending: { kind: "complete" },
      modelUsed: "b/m",
      handoffs: [{ from: "a/m", to: "b/m", method: "restart" }],
    });
  });

  it("is never called complete where nobody joins it and nothing can be taken back", async () => {
    await using chain = await ScriptedChain.open({ a: torn, b: ignores });
    const { text, summary } = await chain.run();
    expect(text).toBe(BEGINNING);
    expect(summary).toMatchObject({
      ending: { kind: "failed", failure: { kind: "cut" } },
      modelUsed: "a/m",
    });
    expect(summary.handoffs).toBeUndefined();
  });

  it("is not taken back for a model that fails: what was shown stays", async () => {
    const down = { kind: "unreachable", provider: "b", message: "Nobody listens." } as const;
    await using chain = await ScriptedChain.open({ a: torn, b: { says: [[down]] } });
    const { text, summary } = await chain.run({ canTakeBack: true });
    expect(text).toBe(BEGINNING);
    expect(summary.ending).toMatchObject({ kind: "failed", failure: { kind: "cut" } });
  });

  it("is not taken back before there is something in its place", async () => {
    const ending = { kind: "overloaded", provider: "b", status: 503, message: "Busy." } as const;
    await using chain = await ScriptedChain.open({
      a: torn,
      b: { says: [["Closures! ".repeat(60)], [{ type: "reasoning", text: "Hm." }, ending], [ending]] },
    });
    const { text, events, summary } = await chain.run({ canTakeBack: true });
    expect(chain.asks.length).toBeGreaterThan(2);
    expect(kindsOf(events)).not.toContain("restarted");
    expect(text).toBe(BEGINNING);
    expect(summary).toMatchObject({ ending: { kind: "failed", failure: { kind: "cut" } }, modelUsed: "a/m" });
  });

  it("starts anew where the budget carries an answer, but not the torn one's length beside it", async () => {
    const long = `${"So many words that they cost something. ".repeat(1000)}${BEGINNING}`;
    await using chain = await ScriptedChain.open(
      { a: { says: [[long, CUT]] }, b: { says: [["Closures capture variables.", END]] } },
      { "switchyard.budget.dailyUsd": 0.085, "switchyard.budget.whenExceeded": "stop" },
    );
    const { text, summary } = await chain.run({ canTakeBack: true });
    expect(text).toBe("Closures capture variables.");
    expect(summary.handoffs).toEqual([{ from: "a/m", to: "b/m", method: "restart" }]);
  });

  it("is whole although it is torn twice", async () => {
    await using chain = await ScriptedChain.open({
      a: torn,
      b: { says: [[`the ${ANCHORED.slice(0, 45)}`, CUT]] },
      c: { prefill: true, says: (ask) => [WHOLE.slice(textOf(ask.appended?.[0] ?? EMPTY).length), END] },
    });
    const { text, events, summary } = await chain.run();
    expect(text).toBe(WHOLE);
    expect(kindsOf(events).filter((kind) => kind === "resumed")).toHaveLength(2);
    expect(summary.handoffs).toEqual([
      { from: "a/m", to: "b/m", method: "anchor" },
      { from: "b/m", to: "c/m", method: "prefill" },
    ]);
  });

  it("has time to be rescued, however long it ran before it broke", async () => {
    await using chain = await ScriptedChain.open(
      { a: torn, b: joins },
      { "switchyard.timeouts": { totalMs: 50_000 } },
    );
    const { text } = await chain.run(
      {},
      {
        onEvent: ({ type }) => {
          if (type === "text") chain.passedMs = 60_000;
        },
      },
    );
    expect(text).toBe(WHOLE);
  });

  it("tells the output of all its parts", async () => {
    await using chain = await ScriptedChain.open({
      a: torn,
      b: { prefill: true, says: [[REST, usage(10), END]] },
    });
    const { summary } = await chain.run();
    const [first] = summary.attempts;
    expect(summary.usage?.outputTokens).toBe((first?.usage?.outputTokens ?? 0) + 10);
    expect(first?.usage?.outputTokens).toBeGreaterThan(10);
  });

  it("asks for no more than what is left of the output limit", async () => {
    await using chain = await ScriptedChain.open({ a: torn, b: { prefill: true, says: [[REST, END]] } });
    await chain.run({ maxOutputTokens: 40 });
    expect(chain.asks[0]?.ask.maxOutputTokens).toBe(40);
    expect(chain.asks[1]?.ask.maxOutputTokens).toBeLessThan(30);
  });

  it("relays no event of a wire once it is joined: another answer's pieces are its own", async () => {
    await using chain = await ScriptedChain.open({ a: torn, b: joins });
    const { events } = await chain.run();
    const seam = events.findIndex(({ type }) => type === "resumed");
    expect(events[seam - 3]).toHaveProperty("raw");
    for (const event of events.slice(seam)) expect(event).not.toHaveProperty("raw");
  });

  it("that called a tool cannot be gone on with: it starts anew, or it has failed", async () => {
    const call = { type: "toolCall", id: "1", name: "look", argumentsJson: "{}" } as const;
    const models = { a: { says: [["Let me look.", call, CUT]] }, b: { says: [["It is a function.", END]] } };
    await using chain = await ScriptedChain.open(models);
    expect((await chain.run()).summary.ending.kind).toBe("failed");
    await using again = await ScriptedChain.open(models);
    const { text, summary } = await again.run({ canTakeBack: true });
    expect(text).toBe("It is a function.");
    expect(summary.handoffs).toEqual([{ from: "a/m", to: "b/m", method: "restart" }]);
  });

  it("may go on with a tool call", async () => {
    const call = { type: "toolCall", id: "1", name: "look", argumentsJson: "{}" } as const;
    const end = { type: "end", reason: "toolCalls" } as const;
    await using chain = await ScriptedChain.open({ a: torn, b: { says: [[call, end]] } });
    const { events, summary } = await chain.run();
    expect(kindsOf(events).slice(-3)).toEqual(["resumed", "toolCall", "end"]);
    expect(summary.ending.kind).toBe("complete");
  });

  it("stops at once when the user stops it in the midst of a rescue", async () => {
    const abort = new AbortController();
    await using chain = await ScriptedChain.open({ a: torn, b: joins, c: joins });
    const { text, summary } = await chain.run(
      {},
      {
        signal: abort.signal,
        onEvent: ({ type }) => {
          if (type === "resumed") abort.abort();
        },
      },
    );
    expect(summary.ending).toEqual({ kind: "stopped" });
    expect(WHOLE.startsWith(text)).toBe(true);
    expect(chain.asks).toHaveLength(2);
  });

  it("that said nothing but white space is asked for as if nothing were", async () => {
    await using chain = await ScriptedChain.open({
      a: { says: [["\n\n", CUT]] },
      b: { says: [["It is a function.", END]] },
    });
    const { text, summary } = await chain.run();
    expect(text.trim()).toBe("It is a function.");
    expect(chain.asks[1]?.ask.appended).toBeUndefined();
    expect(summary.ending.kind).toBe("complete");
  });

  it("holds money for what the rescue sends along", async () => {
    const long = `${"So many words that they cost something. ".repeat(1000)}${BEGINNING}`;
    await using chain = await ScriptedChain.open(
      { a: { says: [[long, CUT]] }, b: joins },
      { "switchyard.budget.dailyUsd": 0.085, "switchyard.budget.whenExceeded": "stop" },
    );
    const { summary } = await chain.run();
    // What the first has cost at most leaves too little for an input of that length.
    expect(summary.ending.kind).toBe("failed");
    expect(chain.asks).toHaveLength(1);
  });
});

describe("an attempt that broke before anything but reasoning was shown", () => {
  const busy = { kind: "overloaded", provider: "a", status: 503, message: "Busy." } as const;

  it("is taken back before the same model is asked again", async () => {
    const thought = (text: string) => ({ type: "reasoning", text }) as const;
    await using chain = await ScriptedChain.open({
      a: {
        says: [
          [thought("First."), busy],
          [thought("Second."), "It is a function.", END],
        ],
      },
    });
    const { events } = await chain.run();
    expect(kindsOf(events).slice(1, -1)).toEqual([
      "attempt",
      "reasoning",
      "restarted",
      "attempt",
      "reasoning",
      "text",
    ]);
  });

  it("is charged for the tools that went along", async () => {
    const tools = [{ name: "look", description: "x".repeat(40_000), parametersSchema: {} }];
    await using chain = await ScriptedChain.open({ a: { says: [["It", CUT]] } });
    const { summary } = await chain.run({ tools });
    expect(summary.attempts[0]?.usage?.inputTokens).toBeGreaterThan(10_000);
  });
});

const usage = (outputTokens: number) =>
  ({
    type: "usage",
    usage: { inputTokens: 5, outputTokens, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 },
  }) as const;

const EMPTY = { role: "assistant", parts: [] } as const;
