import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ASK, FOREVER, hear, SPEAKERS, textOf } from "../../test/support/collectProviderEvents.ts";
import type { Ask } from "../contract/ask.ts";
import { textMessage } from "../contract/message.ts";
import type { Provider } from "../contract/provider.ts";
import { simulatorProviders } from "../simulator/models.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import { createProvider } from "./createProvider.ts";
import { createTransport } from "./transport.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ tokensPerSecond: 0 });
});
afterEach(() => simulator.clear());
afterAll(() => simulator.stop());

describe.each(SPEAKERS)("a provider that speaks $wire, of kind $kind", ({ wire, kind }) => {
  const make = (key = simulator.key): Provider =>
    createProvider(simulatorProviders(simulator.url)[kind], key, createTransport);

  it("tells headers, text, usage and end, in this order, once each but the text", async () => {
    const heard = await hear(make());
    expect(heard.failure).toBeUndefined();
    expect(textOf(heard)).toContain("Why is the sky blue?");
    const types = heard.events.map(({ type }) => type);
    expect(types.filter((type) => type !== "text")).toEqual(["headers", "usage", "end"]);
    expect(types[0]).toBe("headers");
    expect(heard.events.at(-1)).toEqual({ type: "end", reason: "stop" });
    const [headers] = heard.events;
    expect(headers?.type === "headers" && headers.requestId).toMatch(/^req_sim/);
    expect(headers?.type === "headers" && headers.rateLimits.map(({ of }) => of)).toContain("requests");
    expect(heard.events.some((event) => event.raw !== undefined)).toBe(false);
  });

  it("counts cached input within the input", async () => {
    const long = textMessage("user", "What we said before. ".repeat(500));
    const ask = (last: string): Ask => ({
      ...ASK,
      messages: [long, textMessage("assistant", "Yes."), textMessage("user", last)],
    });
    await hear(make(), ask("First?"));
    const { events } = await hear(make(), ask("Second?"));
    const told = events.find((event) => event.type === "usage");
    expect(told?.type === "usage" && told.usage.cacheReadTokens).toBeGreaterThanOrEqual(1024);
    expect(told?.type === "usage" && told.usage.inputTokens).toBeGreaterThan(2500);
  });

  it("ends with `length` at the output limit that it sends", async () => {
    const { events } = await hear(make(), { ...ASK, maxOutputTokens: 5 });
    expect(events.at(-1)).toEqual({ type: "end", reason: "length" });
    expect(events.filter(({ type }) => type === "text")).toHaveLength(5);
  });

  it("tells a tool call whole, and only then; before, how much of it there is", async () => {
    const messages = [textMessage("user", '[call: look {"at": "it"}]')];
    const { events } = await hear(make(), {
      ...ASK,
      messages,
      tools: [{ name: "look", parametersSchema: { type: "object", properties: {} } }],
    });
    const characters = events.map((event) => (event.type === "unseen" ? event.characters : 0));
    expect(characters.reduce((sum, each) => sum + each, 0)).toBe('{"at": "it"}'.length);
    const others = events.filter(({ type }) => type !== "unseen");
    expect(others.map(({ type }) => type)).toEqual(["headers", "toolCall", "usage", "end"]);
    expect(others[1]).toMatchObject({ name: "look", argumentsJson: '{"at": "it"}', id: expect.any(String) });
    expect(events.at(-1)).toEqual({ type: "end", reason: "toolCalls" });
  });

  it("lists the server's models, and fails with a Failure", async () => {
    expect(await make().listModels(FOREVER)).toContain("sim-balanced");
    await expect(make("wrong").listModels(FOREVER)).rejects.toMatchObject({ record: { kind: "auth" } });
  });

  it("relays a client's own body, with our model and limit, and the wire's own events", async () => {
    const body = {
      model: "auto",
      max_tokens: 1,
      temperature: 0,
      metadata: { user_id: "me" },
      messages: [{ role: "user", content: '[call: look {"at": "it"}]' }],
    };
    const { events, failure } = await hear(make(), { ...ASK, wire: { format: wire, body } });
    expect(failure).toBeUndefined();
    const sent = simulator.requests().at(-1)?.body;
    expect(sent).toMatchObject({ model: "sim-balanced", stream: true, metadata: { user_id: "me" } });
    expect(sent?.["max_completion_tokens"] ?? sent?.["max_tokens"]).toBe(4096);
    expect(sent).not.toHaveProperty("temperature");
    const raw = events.map((event) => event.raw ?? "").join("");
    const carriers = events.filter((event) => event.raw !== undefined).map(({ type }) => type);
    expect(carriers[0]).toBe("toolCall");
    if (wire === "openai")
      expect(raw).toMatch(/^data: .*"role":"assistant"[\s\S]*"finish_reason":"tool_calls"/);
    else expect(raw).toMatch(/^event: message_start\n[\s\S]*"stop_reason":"tool_use"/);
  });

  it("uses one connection for answers that follow each other", async () => {
    await hear(make());
    const before = simulator.connectionCount();
    for (let round = 0; round < 3; round += 1) await hear(make());
    expect(simulator.connectionCount()).toBe(before);
  });
});
