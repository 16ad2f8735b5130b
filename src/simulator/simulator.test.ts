import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "./server.ts";

let simulator: Simulator;
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  simulator = await startSimulator({ tokensPerSecond: 0 });
  openai = new OpenAI({ apiKey: simulator.key, baseURL: `${simulator.url}/openai/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey: simulator.key, baseURL: `${simulator.url}/anthropic`, maxRetries: 0 });
});
afterEach(() => simulator.clear());
afterAll(() => simulator.stop());

async function openaiText(content: string, maxTokens?: number) {
  const stream = await openai.chat.completions.create({
    model: "sim-balanced",
    messages: [{ role: "user", content }],
    stream: true,
    stream_options: { include_usage: true },
    ...(maxTokens === undefined ? {} : { max_completion_tokens: maxTokens }),
  });
  let text = "";
  let finish: string | null = null;
  let usage: OpenAI.CompletionUsage | undefined;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? "";
    finish = chunk.choices[0]?.finish_reason ?? finish;
    usage = chunk.usage ?? usage;
  }
  return { text, finish, usage };
}

describe("the simulator, called with OpenAI's SDK", () => {
  it("answers the next request with a given text, once, and for the given model", async () => {
    simulator.answerNext("for another model", "sim-premium");
    simulator.answerNext("exactly\n\n  this");
    expect((await openaiText("Why?")).text).toBe("exactly\n\n  this");
    expect((await openaiText("Why?")).text).toContain("made up");
  });

  it("streams an answer about the prompt, with a finish reason and the usage", async () => {
    const { text, finish, usage } = await openaiText("Why is the sky blue?");
    expect(text).toContain("made up");
    expect(text).toContain("Why is the sky blue?");
    expect(text).toMatch(/^- /m);
    expect(text).toContain("```typescript");
    expect(finish).toBe("stop");
    expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0));
  });

  it("reads images, and does not count their data as text", async () => {
    const data = "A".repeat(4_000_000);
    const image = { type: "image_url", image_url: { url: `data:image/png;base64,${data}` } } as const;
    const whole = await openai.chat.completions.create({
      model: "sim-balanced",
      messages: [{ role: "user", content: [image, { type: "text", text: "What is this?" }] }],
    });
    expect(whole.choices[0]?.message.content).toContain("What is this?");
    expect(whole.usage?.prompt_tokens).toBeLessThan(1000);
    const answer = await anthropic.messages.create({
      model: "sim-balanced",
      max_tokens: 100,
      messages: [
        {
          role: "user",
          content: [
            { type: "image", source: { type: "base64", media_type: "image/png", data } },
            { type: "text", text: "What is this?" },
          ],
        },
      ],
    });
    expect(answer.usage.input_tokens).toBeLessThan(1000);
  });

  it("returns the same answer with and without streaming", async () => {
    const whole = await openai.chat.completions.create({
      model: "sim-balanced",
      messages: [{ role: "user", content: "Why is the sky blue?" }],
    });
    const { text, usage } = await openaiText("Why is the sky blue?");
    expect(whole.choices[0]?.message.content).toBe(text);
    expect(whole.usage?.completion_tokens).toBe(usage?.completion_tokens);
  });

  it("repairs code in a prompt, in the language of the code", async () => {
    const { text } = await openaiText("Fix this:\n```ts\nfor (var i = 0; i <= a.length; i++) {}\n```");
    expect(text).toContain("```ts\nfor (let i = 0; i < a.length; i++) {}\n```");
  });

  it("stops at the output limit", async () => {
    const { finish, usage } = await openaiText("Why?", 7);
    expect(finish).toBe("length");
    expect(usage?.completion_tokens).toBe(7);
  });

  it("returns as many tokens as the prompt asks for", async () => {
    const { finish, usage } = await openaiText("Tell me all. [tokens: 20000]");
    expect(finish).toBe("stop");
    expect(usage?.completion_tokens).toBe(20_000);
  });

  it("reports a prefix that it has seen before as cached", async () => {
    const beginning = "All that we said so far. ".repeat(400);
    const first = await openaiText(`${beginning} First?`);
    const second = await openaiText(`${beginning} Second?`);
    expect(first.usage?.prompt_tokens_details?.cached_tokens).toBe(0);
    expect(second.usage?.prompt_tokens_details?.cached_tokens).toBeGreaterThanOrEqual(1024);
  });

  it("calls a tool if the prompt asks for it", async () => {
    const whole = await openai.chat.completions
      .stream({ model: "sim-premium", messages: [{ role: "user", content: '[call: look {"at": "it"}]' }] })
      .finalChatCompletion();
    const call = whole.choices[0]?.message.tool_calls?.[0];
    expect(call?.type === "function" && call.function).toMatchObject({
      name: "look",
      arguments: '{"at": "it"}',
    });
    expect(whole.choices[0]?.finish_reason).toBe("tool_calls");
  });

  it("lists its models", async () => {
    const names = (await openai.models.list()).data.map(({ id }) => id);
    expect(names).toEqual(["sim-premium", "sim-balanced", "sim-cheap", "sim-local"]);
  });

  it("rejects a wrong key, an unknown model and a prompt that is too long with OpenAI's errors", async () => {
    const withWrongKey = openai.withOptions({ apiKey: "wrong" });
    await expect(withWrongKey.models.list()).rejects.toMatchObject({ status: 401, code: "invalid_api_key" });
    const ask = (model: string, content: string) =>
      openai.chat.completions.create({ model, messages: [{ role: "user", content }] });
    await expect(ask("gpt-0", "Hi")).rejects.toMatchObject({ status: 404, code: "model_not_found" });
    await expect(ask("sim-local", "x".repeat(600_000))).rejects.toMatchObject({
      status: 400,
      code: "context_length_exceeded",
    });
  });
});

describe("the simulator, called with Anthropic's SDK", () => {
  const ask = (content: string, maxTokens = 4096) =>
    anthropic.messages.stream({
      model: "sim-premium",
      max_tokens: maxTokens,
      messages: [{ role: "user", content }],
    });

  it("streams a complete message", async () => {
    const message = await ask("Why is the sky blue?").finalMessage();
    expect(message.content[0]).toMatchObject({ type: "text", text: expect.stringContaining("sky blue") });
    expect(message.stop_reason).toBe("end_turn");
    expect(message.usage.output_tokens).toBeGreaterThan(10);
  });

  it("stops at max_tokens", async () => {
    const message = await ask("Why?", 5).finalMessage();
    expect(message.stop_reason).toBe("max_tokens");
    expect(message.usage.output_tokens).toBe(5);
  });

  it("returns a tool call with valid input", async () => {
    const message = await ask('[call: look {"at": "it"}]').finalMessage();
    expect(message.content).toMatchObject([{ type: "tool_use", name: "look", input: { at: "it" } }]);
    expect(message.stop_reason).toBe("tool_use");
  });

  it("rejects a wrong key, and sampling parameters in the API version without them", async () => {
    const withWrongKey = anthropic.withOptions({ apiKey: "wrong" });
    const body = {
      model: "sim-cheap",
      max_tokens: 10,
      messages: [{ role: "user" as const, content: "Hi" }],
    };
    await expect(withWrongKey.messages.create(body)).rejects.toMatchObject({
      status: 401,
      type: "authentication_error",
    });
    await expect(anthropic.post("/v1/messages", { body: { ...body, temperature: 1 } })).rejects.toMatchObject(
      {
        status: 400,
        type: "invalid_request_error",
      },
    );
  });

  it("lists its models", async () => {
    const page = await anthropic.models.list();
    expect(page.data.map(({ id }) => id)).toContain("sim-balanced");
  });
});

describe("the simulator's control", () => {
  const control = (method: string, path: string, body?: unknown, key = simulator.key) =>
    fetch(`${simulator.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  it("adds a fault rule for a number of requests to one model", async () => {
    const rule = {
      model: "sim-balanced",
      times: 1,
      fault: { kind: "status", status: 429, headers: { "retry-after": "7" } },
    };
    expect((await control("POST", "/control", rule)).status).toBe(200);
    const other = await openai.chat.completions.create({
      model: "sim-cheap",
      messages: [{ role: "user", content: "Hi" }],
    });
    expect(other.choices).toHaveLength(1);
    await expect(openaiText("Hi")).rejects.toMatchObject({ status: 429, code: "rate_limit_exceeded" });
    expect((await openaiText("Hi")).finish).toBe("stop");
  });

  it("removes all fault rules", async () => {
    simulator.injectFault({ times: "always", fault: { kind: "status", status: 500 } });
    expect((await control("DELETE", "/control")).status).toBe(200);
    expect((await openaiText("Hi")).finish).toBe("stop");
  });

  it("rejects invalid rules and wrong keys", async () => {
    expect((await control("POST", "/control", { fault: { kind: "stall" } })).status).toBe(400);
    expect((await control("POST", "/control", { fault: { kind: "earthquake" } })).status).toBe(400);
    expect((await control("DELETE", "/control", undefined, "wrong")).status).toBe(401);
  });

  it("lists the requests, without the key", async () => {
    await openaiText("Remember this.");
    const text = await (await control("GET", "/control/requests")).text();
    expect(text).toContain("Remember this.");
    expect(text).not.toContain(simulator.key);
  });

  it("reports that a client closed the connection", async () => {
    simulator.injectFault({ fault: { kind: "stall", afterTokens: 1 } });
    const aborter = new AbortController();
    const stream = await openai.chat.completions.create(
      { model: "sim-balanced", messages: [{ role: "user", content: "Hi" }], stream: true },
      { signal: aborter.signal },
    );
    aborter.abort();
    expect(stream.controller.signal.aborted).toBe(true);
    expect(await simulator.nextClosedByClient()).toMatchObject({
      model: "sim-balanced",
      outcome: "closedByClient",
    });
  });

  it("holds the text of an answer until it is released", async () => {
    const release = simulator.hold();
    let isReleased = false;
    const stream = await openai.chat.completions.create({
      model: "sim-cheap",
      messages: [{ role: "user", content: "Hi" }],
      stream: true,
    });
    // An answer that is not held comes sooner.
    setTimeout(() => {
      isReleased = true;
      release();
    }, 50);
    const released: boolean[] = [];
    for await (const { choices } of stream) if (choices[0]?.delta.content) released.push(isReleased);
    expect(new Set(released)).toEqual(new Set([true]));
  });

  it("sends an answer at the configured pace", async () => {
    const slow = await startSimulator({ tokensPerSecond: 1000 });
    const client = openai.withOptions({ apiKey: slow.key, baseURL: `${slow.url}/openai/v1` });
    const startedMs = performance.now();
    const stream = await client.chat.completions.create({
      model: "sim-cheap",
      messages: [{ role: "user", content: "[tokens: 200]" }],
      stream: true,
    });
    for await (const _ of stream);
    expect(performance.now() - startedMs).toBeGreaterThan(150);
    await slow.stop();
  });
});
