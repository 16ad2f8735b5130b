import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  ASK,
  COMPATIBLE,
  type CollectedEvents,
  collectEvents,
  type Replayed,
  replayTransport,
  textOf,
} from "../../test/support/providers/collectProviderEvents.ts";
import { textMessage } from "../contract/message.ts";
import type { Ask } from "../contract/provider/ask.ts";
import { createProvider } from "./registry/createProvider.ts";

const frame = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;

/** Events of each wire format. */
const WIRES = {
  "openai-compatible": {
    text: (text: string, reason: string | null = null) =>
      frame({
        id: "c",
        model: "m",
        choices: [{ index: 0, delta: { content: text }, finish_reason: reason }],
      }),
    finish: frame({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }),
    usage: frame({ choices: [], usage: { prompt_tokens: 12, completion_tokens: 6 } }),
    done: "data: [DONE]\n\n",
  },
  anthropic: {
    text: (text: string, reason: string | null = null) =>
      frame({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }) +
      (reason === null ? "" : frame({ type: "message_delta", delta: { stop_reason: reason } })),
    finish: frame({ type: "message_delta", delta: { stop_reason: "end_turn" } }),
    usage: frame({ type: "message_delta", delta: {}, usage: { input_tokens: 12, output_tokens: 6 } }),
    done: frame({ type: "message_stop" }),
  },
} as const;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe.each(["openai-compatible", "anthropic"] as const)("an answer of a provider of kind %s", (kind) => {
  const { text, finish, usage, done } = WIRES[kind];
  const format = kind === "anthropic" ? "anthropic" : "openai";

  /** What the provider pushes, for the editor or for a client of its own format. */
  async function collect(reads: readonly Replayed[], isRelayed = false): Promise<CollectedEvents> {
    const config = { id: "p", name: "P", kind, baseUrl: "http://127.0.0.1:9", local: false } as const;
    const provider = createProvider(config, "k", replayTransport(reads));
    return collectEvents(provider, { ask: { ...ASK, ...(isRelayed ? { wire: { format, body: {} } } : {}) } });
  }
  const usageOf = ({ events }: CollectedEvents) => events.find(({ type }) => type === "usage");
  const STOP = { type: "end", finish: "stop" };
  const reason = kind === "anthropic" ? "end_turn" : "stop";

  it.each([false, true])(
    "continues after a finish reason while content comes (relayed: %s)",
    async (isRelayed) => {
      const reads = [
        text("one ", reason),
        2500,
        text("two ", reason),
        2500,
        text("three", reason),
        usage,
        done,
      ];
      const collected = await collect(reads, isRelayed);
      expect(textOf(collected)).toBe("one two three");
      expect(collected.events.at(-1)).toEqual(STOP);
      expect(usageOf(collected)).toMatchObject({ usage: { inputTokens: 12 } });
    },
  );

  it("continues after a finish reason and the usage while content comes", async () => {
    const collected = await collect([text("one "), finish, usage, 500, text("two"), finish, usage, done]);
    expect(textOf(collected)).toBe("one two");
    expect(collected.events.at(-1)).toEqual(STOP);
  });

  it("is cut if it breaks off after a finish reason in a stream that sends them too early", async () => {
    const early = [text("one ", "stop"), text("two ", reason)];
    const reset = Object.assign(new Error("reset"), { code: "ECONNRESET" });
    expect((await collect([...early, reset])).failure?.kind).toBe("cut");
    expect((await collect([...early, 60_000])).failure).toMatchObject({ kind: "timeout", phase: "idle" });
    expect((await collect([...early, text("three")])).failure?.kind).toBe("cut");
  });

  it("is complete if it breaks off after the first finish reason", async () => {
    const reset = Object.assign(new Error("reset"), { code: "ECONNRESET" });
    expect((await collect([text("one"), finish, reset])).events.at(-1)).toEqual(STOP);
    expect((await collect([text("one "), text("two", reason), reset])).events.at(-1)).toEqual(STOP);
    expect((await collect([text("one "), text("two", reason), 60_000])).events.at(-1)).toEqual(STOP);
  });

  it("ends soon after its finish reason, although events without content keep coming", async () => {
    const empty = kind === "anthropic" ? frame({ type: "ping" }) : frame({ choices: [] });
    const endless = Array.from({ length: 30 }, () => [900, empty]).flat();
    const collected = await collect([text("one"), finish, usage, ...endless, text("never")]);
    expect(textOf(collected)).toBe("one");
    expect(collected.events.at(-1)).toEqual(STOP);
    const uncounted = await collect([text("one"), finish, ...endless, text("never")]);
    expect(textOf(uncounted)).toBe("one");
    expect(uncounted.events.at(-1)).toEqual(STOP);
  });

  it("ends with the last finish reason, although content followed it, at the announced end", async () => {
    const collected = await collect([text("one"), finish, text("\n"), done]);
    expect(collected.events.at(-1)).toEqual(STOP);
  });

  it("is complete and unexplained at the announced end without a finish reason", async () => {
    const collected = await collect([text("one"), done]);
    expect(collected.events.at(-1)).toEqual({ ...STOP, isUnexplained: true });
    expect((await collect([text("one")])).failure?.kind).toBe("cut");
    expect((await collect([text(" "), done])).failure?.kind).toBe("empty");
    const counted = await collect([text("one"), usage, done]);
    expect(usageOf(counted)).toMatchObject({ usage: { outputTokens: 6 } });
  });

  it("includes a usage that comes seconds after the finish reason, and waits for no longer", async () => {
    const late = await collect([text("one"), finish, 1500, usage, 60_000]);
    expect(usageOf(late)).toMatchObject({ usage: { inputTokens: 12 } });
    expect(late.events.at(-1)).toEqual(STOP);
    const never = await collect([text("one"), finish, 5000, 1, text("never")]);
    expect(textOf(never)).toBe("one");
    expect(never.events.at(-1)).toEqual(STOP);
  });

  it.each([false, true])(
    "has the text of events that one line break separates (relayed: %s)",
    async (isRelayed) => {
      const glued = text("not ").replace(/\n$/, "") + text("ever ");
      const collected = await collect([text("Do "), glued, text("delete it."), finish, done], isRelayed);
      expect(textOf(collected)).toBe("Do not ever delete it.");
      const raw = collected.events.map((event) => ("raw" in event ? event.raw : "")).join("");
      if (isRelayed) expect(raw.match(/^data: \{.*\}$/gm)).toHaveLength(4);
    },
  );

  it("has the text of events that nothing separates", async () => {
    const glued = text("not ").trimEnd() + text("ever ").slice("data: ".length);
    expect(textOf(await collect([text("Do "), glued, finish, done]))).toBe("Do not ever ");
    expect(textOf(await collect([text("Do ").trimEnd() + text("it."), finish, done]))).toBe("Do it.");
  });

  it.each([
    ["broken in its middle", (event: string) => event.replace(" ever", "\n\n ever")],
    ["broken off", (event: string) => `${event.slice(0, -8)}\n\n`],
    ["without its field name", (event: string) => event.slice("data: ".length)],
  ])("is malformed, and never complete, if it has an event %s", async (_, damage) => {
    for (const before of ["", finish]) {
      const collected = await collect([
        text("Do "),
        before,
        damage(text("not ever ")),
        text("delete it."),
        finish,
        done,
      ]);
      expect(collected.failure).toMatchObject({ kind: "malformed", message: /could not be read/ });
      expect(textOf(collected)).toBe("Do ");
    }
  });

  it("does without an event that cannot be read and holds no piece of it", async () => {
    const junk = [
      'data: {"padding": \n\n',
      "data: warming up\n\n",
      "WARNING: content filter loaded\n",
      "data:\n\n",
    ];
    const collected = await collect([text("Do "), ...junk, text("it."), finish, done]);
    expect(textOf(collected)).toBe("Do it.");
    expect(collected.events.at(-1)).toEqual({ ...STOP, skippedEvents: 3 });
  });
});

it("is cut, and never complete, if it breaks off after its first text, which had a finish reason", async () => {
  const { text } = WIRES["openai-compatible"];
  const collect = (reads: readonly Replayed[]) =>
    collectEvents(createProvider(COMPATIBLE, "k", replayTransport(reads)));
  const reset = Object.assign(new Error("reset"), { code: "ECONNRESET" });
  const thought = frame({ choices: [{ index: 0, delta: { reasoning_content: "Hm." } }] });
  for (const before of ["", thought]) {
    expect((await collect([before, text("one ", "stop"), reset])).failure?.kind).toBe("cut");
    expect((await collect([before, text("one ", "stop"), 60_000, 1])).failure?.kind, before).toBe("timeout");
  }
  expect((await collect([text("one", "stop")])).events.at(-1)).toEqual({ type: "end", finish: "stop" });
});

it("does not end an answer at a usage that comes with each chunk", async () => {
  const chunk = (content: string, tokens: number) =>
    frame({
      choices: [{ index: 0, delta: { content }, finish_reason: "stop" }],
      usage: { prompt_tokens: 12, completion_tokens: tokens },
    });
  const reads = [chunk("one ", 1), 500, chunk("two ", 2), 500, chunk("three", 3), "data: [DONE]\n\n"];
  const collected = await collectEvents(createProvider(COMPATIBLE, "k", replayTransport(reads)));
  expect(textOf(collected)).toBe("one two three");
  expect(collected.events.findLast(({ type }) => type === "usage")).toMatchObject({
    usage: { outputTokens: 3 },
  });
});

it("fails an answer whose tool call is not JSON, and does not report it as complete", async () => {
  const call = { index: 0, id: "a", name: "look", function: { name: "look", arguments: '{"at": ' } };
  const reads = [
    frame({ choices: [{ index: 0, delta: { tool_calls: [call] }, finish_reason: null }] }),
    frame({ choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }] }),
    "data: [DONE]\n\n",
  ];
  const collected = await collectEvents(createProvider(COMPATIBLE, "k", replayTransport(reads)));
  expect(collected.failure).toMatchObject({ kind: "malformed", message: /look/ });
  expect(collected.events.map(({ type }) => type)).not.toContain("toolCall");
});

describe("thinking that a model writes between tags", () => {
  const chunk = (content: string) => frame({ choices: [{ index: 0, delta: { content } }] });
  const END = `${frame({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })}data: [DONE]\n\n`;
  const collect = (pieces: readonly string[], ask: Partial<Ask> = {}) =>
    collectEvents(createProvider(COMPATIBLE, "k", replayTransport([...pieces.map(chunk), END])), {
      ask: { ...ASK, ...ask },
    });
  const shown = ({ events }: CollectedEvents) =>
    events.flatMap((event) =>
      event.type === "text" || event.type === "reasoning" ? [[event.type, event.text]] : [],
    );
  const THOUGHT = ["<th", "ink>Two and two.</thi", "nk>\n\n4", "2"];
  const WIRE = { format: "openai", body: {} } as const;

  it("is reasoning in the editor, and where an answer is resumed", async () => {
    const expected = [
      ["reasoning", "Two and two."],
      ["text", "4"],
      ["text", "2"],
    ];
    expect(shown(await collect(THOUGHT))).toEqual(expected);
    expect(shown(await collect(THOUGHT, { wire: WIRE, appended: [textMessage("user", "Go on.")] }))).toEqual(
      expected,
    );
    expect(shown(await collect(["<"]))).toEqual([["text", "<"]]);
  });

  it("is passed on as it is to a client", async () => {
    expect(textOf(await collect(THOUGHT, { wire: WIRE }))).toBe(THOUGHT.join(""));
  });

  it("is no answer by itself", async () => {
    for (const wire of [undefined, WIRE]) {
      expect((await collect(["<think>Two and", " two.</think>\n"], { wire })).failure?.kind).toBe("empty");
      expect((await collect(["<think>Two and"], { wire })).failure?.kind).toBe("empty");
    }
  });
});
