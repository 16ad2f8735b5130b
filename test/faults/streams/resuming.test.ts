import { describe, expect, it } from "vitest";
import { textOf } from "../../../src/contract/message.ts";
import { END } from "../../support/providers/scriptedProvider.ts";
import { CUT, ScriptedChain } from "../chain/scriptedChain.ts";

const BEGINNING = "A closure is a function together with the scope in which it was made, so";
const REST = " it still sees the names of that scope.";
const WHOLE = BEGINNING + REST;
const ANCHORED = `scope in which it was made, so${REST}`;

const broken = { script: [[BEGINNING.slice(0, 30), BEGINNING.slice(30), CUT]] };
const resumes = { script: [[`the ${ANCHORED.slice(0, 20)}`, ANCHORED.slice(20), END]] };
const ignores = {
  script: [
    ["Closures! ".repeat(60), END],
    ["Closures capture variables.", END],
  ],
};

const kindsOf = (events: readonly { readonly type: string }[]) => events.map(({ type }) => type);
const outcomesOf = ({ attempts }: { readonly attempts: readonly { readonly outcome: { kind: string } }[] }) =>
  attempts.map(({ outcome }) => outcome.kind);

describe("an answer that breaks after a part of it was shown", () => {
  it("is resumed by a model that repeats its last words, which are shown once", async () => {
    await using chain = await ScriptedChain.open({ a: broken, b: resumes });
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

  it("sends the model the partial answer, and asks it to begin with the last eight words", async () => {
    await using chain = await ScriptedChain.open({ a: broken, b: resumes });
    await chain.run();
    const [beginning, instruction] = chain.asks[1]?.ask.appended ?? [];
    expect(beginning).toMatchObject({ role: "assistant", parts: [{ text: BEGINNING }] });
    expect(instruction?.role).toBe("user");
    expect(instruction === undefined ? "" : textOf(instruction)).toContain(
      "the scope in which it was made, so\n",
    );
  });

  it("is resumed from a prefilled assistant message if the model's API supports it", async () => {
    await using chain = await ScriptedChain.open({ a: broken, b: { prefill: true, script: [[REST, END]] } });
    const { text, summary } = await chain.run();
    expect(text).toBe(WHOLE);
    expect(chain.asks[1]?.ask.appended).toEqual([
      { role: "assistant", parts: [{ type: "text", text: BEGINNING }] },
    ]);
    expect(summary.handoffs).toEqual([{ from: "a/m", to: "b/m", method: "prefill" }]);
  });

  it("is resumed by its last words if the model's server rejects a prefilled message", async () => {
    const refusal = { kind: "bad-request", provider: "b", status: 400, message: "No prefill." } as const;
    await using chain = await ScriptedChain.open({
      a: broken,
      b: { prefill: true, script: [[refusal], ...resumes.script] },
    });
    const { text, summary } = await chain.run();
    expect(text).toBe(WHOLE);
    expect(summary.handoffs).toEqual([{ from: "a/m", to: "b/m", method: "anchor" }]);
  });

  it("is resumed by the model after one that does not resume it, which is cancelled and not shown", async () => {
    await using chain = await ScriptedChain.open({
      a: broken,
      b: { script: [Array(200).fill("Closures! ")] },
      c: resumes,
    });
    const { text, events, summary } = await chain.run();
    expect(text).toBe(WHOLE);
    expect(outcomesOf(summary)).toEqual(["failed", "not-resumed", "answered"]);
    // A model that does not resume the answer has not failed.
    const steps = events.flatMap((event) => (event.type === "failedOver" ? [[event.from, event.to]] : []));
    expect(steps).toEqual([
      ["a/m", "b/m"],
      ["a/m", "c/m"],
    ]);
    expect(chain.cancelled).toBe(1);
    expect(summary).toMatchObject({ modelUsed: "c/m", fallbackCount: 2 });
    // Its output is paid for.
    expect(summary.attempts[1]?.cost).toMatchObject({ kind: "estimated" });
  });

  it("is restarted by a model that does not resume it, if the consumer can retract text", async () => {
    await using chain = await ScriptedChain.open({ a: broken, b: ignores });
    const { text, summary } = await chain.run({ canRetract: true });
    expect(text).toBe("Closures capture variables.");
    expect(chain.asks.at(-1)?.ask.appended).toBeUndefined();
    expect(summary).toMatchObject({
      ending: { kind: "complete" },
      modelUsed: "b/m",
      handoffs: [{ from: "a/m", to: "b/m", method: "restart" }],
    });
  });

  it("fails if no model resumes it and the consumer cannot retract text", async () => {
    await using chain = await ScriptedChain.open({ a: broken, b: ignores });
    const { text, summary } = await chain.run();
    expect(text).toBe(BEGINNING);
    expect(summary).toMatchObject({
      ending: { kind: "failed", failure: { kind: "cut" } },
      modelUsed: "a/m",
    });
    expect(summary.handoffs).toBeUndefined();
  });

  it("is not retracted when the next model fails", async () => {
    const down = { kind: "unreachable", provider: "b", message: "The connection is refused." } as const;
    await using chain = await ScriptedChain.open({ a: broken, b: { script: [[down]] } });
    const { text, summary } = await chain.run({ canRetract: true });
    expect(text).toBe(BEGINNING);
    expect(summary.ending).toMatchObject({ kind: "failed", failure: { kind: "cut" } });
  });

  it("is not retracted before another answer has text", async () => {
    const ending = { kind: "overloaded", provider: "b", status: 503, message: "Busy." } as const;
    await using chain = await ScriptedChain.open({
      a: broken,
      b: { script: [["Closures! ".repeat(60)], [{ type: "reasoning", text: "Hm." }, ending], [ending]] },
    });
    const { text, events, summary } = await chain.run({ canRetract: true });
    expect(chain.asks.length).toBeGreaterThan(2);
    expect(kindsOf(events)).not.toContain("restarted");
    expect(text).toBe(BEGINNING);
    expect(summary).toMatchObject({ ending: { kind: "failed", failure: { kind: "cut" } }, modelUsed: "a/m" });
  });

  it("is restarted if the budget covers an answer but not the resent text", async () => {
    const long = `${"So many words that they cost something. ".repeat(1000)}${BEGINNING}`;
    await using chain = await ScriptedChain.open(
      { a: { script: [[long, CUT]] }, b: { script: [["Closures capture variables.", END]] } },
      { "switchyard.budget.dailyUsd": 0.085, "switchyard.budget.whenExceeded": "stop" },
    );
    const { text, summary } = await chain.run({ canRetract: true });
    expect(text).toBe("Closures capture variables.");
    expect(summary.handoffs).toEqual([{ from: "a/m", to: "b/m", method: "restart" }]);
  });

  it("is complete after it breaks twice", async () => {
    await using chain = await ScriptedChain.open({
      a: broken,
      b: { script: [[`the ${ANCHORED.slice(0, 45)}`, CUT]] },
      c: { prefill: true, script: (ask) => [WHOLE.slice(textOf(ask.appended?.[0] ?? EMPTY).length), END] },
    });
    const { text, events, summary } = await chain.run();
    expect(text).toBe(WHOLE);
    expect(kindsOf(events).filter((kind) => kind === "resumed")).toHaveLength(2);
    expect(summary.handoffs).toEqual([
      { from: "a/m", to: "b/m", method: "anchor" },
      { from: "b/m", to: "c/m", method: "prefill" },
    ]);
  });

  it("is resumed however long it ran before it broke", async () => {
    await using chain = await ScriptedChain.open(
      { a: broken, b: resumes },
      { "switchyard.timeouts": { totalMs: 50_000 } },
    );
    const { text } = await chain.run(
      {},
      {
        onEvent: ({ type }) => {
          if (type === "text") chain.clockOffsetMs = 60_000;
        },
      },
    );
    expect(text).toBe(WHOLE);
  });

  it("reports the output tokens of all its parts", async () => {
    await using chain = await ScriptedChain.open({
      a: broken,
      b: { prefill: true, script: [[REST, usage(10), END]] },
    });
    const { summary } = await chain.run();
    const [first] = summary.attempts;
    expect(summary.usage?.outputTokens).toBe((first?.usage?.outputTokens ?? 0) + 10);
    expect(first?.usage?.outputTokens).toBeGreaterThan(10);
  });

  it("requests only the rest of the output limit", async () => {
    await using chain = await ScriptedChain.open({ a: broken, b: { prefill: true, script: [[REST, END]] } });
    await chain.run({ maxOutputTokens: 40 });
    expect(chain.asks[0]?.ask.maxOutputTokens).toBe(40);
    expect(chain.asks[1]?.ask.maxOutputTokens).toBeLessThan(30);
  });

  it("relays no raw event after it is resumed", async () => {
    await using chain = await ScriptedChain.open({ a: broken, b: resumes });
    const { events } = await chain.run();
    const handoff = events.findIndex(({ type }) => type === "resumed");
    expect(events[handoff - 3]).toHaveProperty("raw");
    for (const event of events.slice(handoff)) expect(event).not.toHaveProperty("raw");
  });

  it("is restarted or fails, but is not resumed, after a tool call", async () => {
    const call = { type: "toolCall", id: "1", name: "look", argumentsJson: "{}" } as const;
    const models = {
      a: { script: [["Let me look.", call, CUT]] },
      b: { script: [["It is a function.", END]] },
    };
    await using chain = await ScriptedChain.open(models);
    expect((await chain.run()).summary.ending.kind).toBe("failed");
    await using again = await ScriptedChain.open(models);
    const { text, summary } = await again.run({ canRetract: true });
    expect(text).toBe("It is a function.");
    expect(summary.handoffs).toEqual([{ from: "a/m", to: "b/m", method: "restart" }]);
  });

  it("is resumed with a tool call", async () => {
    const call = { type: "toolCall", id: "1", name: "look", argumentsJson: "{}" } as const;
    const end = { type: "end", reason: "toolCalls" } as const;
    await using chain = await ScriptedChain.open({ a: broken, b: { script: [[call, end]] } });
    const { events, summary } = await chain.run();
    expect(kindsOf(events).slice(-2)).toEqual(["resumed", "toolCall"]);
    expect(summary.ending.kind).toBe("complete");
  });

  it("stops when the user stops it while it is resumed", async () => {
    const abort = new AbortController();
    await using chain = await ScriptedChain.open({ a: broken, b: resumes, c: resumes });
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

  it("is requested from the beginning if it has only white space", async () => {
    await using chain = await ScriptedChain.open({
      a: { script: [["\n\n", CUT]] },
      b: { script: [["It is a function.", END]] },
    });
    const { text, summary } = await chain.run();
    expect(text.trim()).toBe("It is a function.");
    expect(chain.asks[1]?.ask.appended).toBeUndefined();
    expect(summary.ending.kind).toBe("complete");
  });

  it("is not resumed if the budget does not cover the resent text", async () => {
    const long = `${"So many words that they cost something. ".repeat(1000)}${BEGINNING}`;
    await using chain = await ScriptedChain.open(
      { a: { script: [[long, CUT]] }, b: resumes },
      { "switchyard.budget.dailyUsd": 0.085, "switchyard.budget.whenExceeded": "stop" },
    );
    const { summary } = await chain.run();
    // The maximum cost of the first attempt leaves too little for an input of that length.
    expect(summary.ending.kind).toBe("failed");
    expect(chain.asks).toHaveLength(1);
  });
});

describe("an attempt that breaks after reasoning only", () => {
  const busy = { kind: "overloaded", provider: "a", status: 503, message: "Busy." } as const;

  it("is retracted before the same model is retried", async () => {
    const thought = (text: string) => ({ type: "reasoning", text }) as const;
    await using chain = await ScriptedChain.open({
      a: {
        script: [
          [thought("First."), busy],
          [thought("Second."), "It is a function.", END],
        ],
      },
    });
    const { events } = await chain.run();
    expect(kindsOf(events).slice(1)).toEqual([
      "attempt",
      "reasoning",
      "restarted",
      "attempt",
      "reasoning",
      "text",
    ]);
  });

  it("is charged for the tools of its request", async () => {
    const tools = [{ name: "look", description: "x".repeat(40_000), parametersSchema: {} }];
    await using chain = await ScriptedChain.open({ a: { script: [["It", CUT]] } });
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
