import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "./faults.ts";
import { type Simulator, startSimulator } from "./server.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ tokensPerSecond: 0 });
});
afterEach(() => simulator.clear());
afterAll(() => simulator.stop());

/** Statuses, and the class of their errors in both SDKs. */
const STATUSES = [
  [400, "BadRequestError"],
  [401, "AuthenticationError"],
  [403, "PermissionDeniedError"],
  [404, "NotFoundError"],
  [429, "RateLimitError"],
  [500, "InternalServerError"],
  [503, "InternalServerError"],
  [529, "InternalServerError"],
] as const;

describe("a stream of the simulator, read with OpenAI's SDK", () => {
  const ask = (content: string, fault?: Fault) => {
    if (fault !== undefined) simulator.injectFault({ fault });
    const client = new OpenAI({
      apiKey: simulator.key,
      baseURL: `${simulator.url}/openai/v1`,
      maxRetries: 0,
    });
    return client.chat.completions.stream({
      model: "sim-balanced",
      messages: [{ role: "user", content }],
      stream_options: { include_usage: true },
      tools: [{ type: "function", function: { name: "look", parameters: { type: "object" } } }],
    });
  };

  it("contains the text and the usage of the completion", async () => {
    const stream = ask("Why is the sky blue?");
    let text = "";
    stream.on("content", (delta) => {
      text += delta;
    });
    const { choices, usage, object } = await stream.finalChatCompletion();
    expect(choices).toMatchObject([
      { index: 0, finish_reason: "stop", message: { role: "assistant", content: text } },
    ]);
    expect([object, usage?.total_tokens]).toEqual([
      "chat.completion",
      (usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0),
    ]);
  });

  it("contains the arguments of a tool call in pieces", async () => {
    const stream = ask('[call: look {"at": "it"}]');
    const pieces: string[] = [];
    stream.on("tool_calls.function.arguments.delta", (event) => pieces.push(event.arguments_delta));
    const call = await stream.finalFunctionToolCall();
    expect(call).toMatchObject({ name: "look", arguments: '{"at": "it"}' });
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join("")).toBe('{"at": "it"}');
  });

  it("can end with a refusal", async () => {
    const { choices } = await ask("Hi", { kind: "refusal", message: "Not this." }).finalChatCompletion();
    expect(choices[0]).toMatchObject({ finish_reason: "content_filter" });
  });

  it.each([
    ["an error event", { kind: "errorEvent", afterTokens: 3 }],
    ["a reset", { kind: "cut", afterTokens: 3, how: "reset" }],
    ["an end without a finish reason", { kind: "noFinish" }],
  ] as const)("fails with an error after %s", async (_, fault) => {
    await expect(ask("Hi", fault).finalChatCompletion()).rejects.toThrow();
  });

  it.each(STATUSES)("is rejected with status %i as a %s with code and request id", async (status, name) => {
    const error: unknown = await ask("Hi", { kind: "status", status })
      .finalChatCompletion()
      .catch((error: unknown) => error);
    expect(error).toBeInstanceOf(OpenAI[name]);
    expect(error).toMatchObject({
      status,
      code: expect.any(String),
      requestID: expect.stringMatching(/^req_sim/),
    });
  });
});

describe("a stream of the simulator, read with Anthropic's SDK", () => {
  const ask = (content: string, fault?: Fault) => {
    if (fault !== undefined) simulator.injectFault({ fault });
    const client = new Anthropic({
      apiKey: simulator.key,
      baseURL: `${simulator.url}/anthropic`,
      maxRetries: 0,
    });
    return client.messages.stream({
      model: "sim-premium",
      max_tokens: 4096,
      messages: [{ role: "user", content }],
    });
  };

  it("contains the text and the usage of the message", async () => {
    const stream = ask("Why is the sky blue?");
    let text = "";
    stream.on("text", (delta) => {
      text += delta;
    });
    const { content, stop_reason, usage, role } = await stream.finalMessage();
    expect(content).toMatchObject([{ type: "text", text }]);
    expect([stop_reason, role]).toEqual(["end_turn", "assistant"]);
    expect(usage.output_tokens).toBeGreaterThan(10);
  });

  it("contains the input of a tool call in pieces", async () => {
    const stream = ask('[call: look {"at": "it"}]');
    let json = "";
    stream.on("inputJson", (delta) => {
      json += delta;
    });
    const { content } = await stream.finalMessage();
    expect(content).toMatchObject([{ type: "tool_use", name: "look", input: { at: "it" } }]);
    expect(json).toBe('{"at": "it"}');
  });

  it("can end with a refusal and its reason", async () => {
    const message = await ask("Hi", { kind: "refusal", message: "Not this." }).finalMessage();
    expect(message).toMatchObject({ stop_reason: "refusal", stop_details: { explanation: "Not this." } });
  });

  it.each([
    ["an error event", { kind: "errorEvent", afterTokens: 3 }],
    ["a reset", { kind: "cut", afterTokens: 3, how: "reset" }],
    ["a clean end", { kind: "cut", afterTokens: 3, how: "clean" }],
    ["an end without a stop reason", { kind: "noFinish" }],
  ] as const)("fails with an error after %s", async (_, fault) => {
    await expect(ask("Hi", fault).finalMessage()).rejects.toThrow();
  });

  it.each(STATUSES)("is rejected with status %i as a %s with type and request id", async (status, name) => {
    const error: unknown = await ask("Hi", { kind: "status", status })
      .finalMessage()
      .catch((error: unknown) => error);
    expect(error).toBeInstanceOf(Anthropic[name]);
    expect(error).toMatchObject({
      status,
      type: expect.any(String),
      requestID: expect.stringMatching(/^req_sim/),
    });
  });
});
