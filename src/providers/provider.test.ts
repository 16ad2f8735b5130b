import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  ASK,
  collectEvents,
  NEVER_ABORTED,
  PROVIDER_KINDS,
  textOf,
} from "../../test/support/providers/collectProviderEvents.ts";
import { textMessage } from "../contract/message.ts";
import type { Ask } from "../contract/provider/ask.ts";
import type { Provider } from "../contract/provider/provider.ts";
import { piecesOf } from "../simulator/answers/answers.ts";
import { simulatorProviders } from "../simulator/models.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import { nodeTransport } from "./http/transport/nodeTransport.ts";
import { createProvider } from "./registry/createProvider.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ tokensPerSecond: 0 });
});
afterEach(() => simulator.clear());
afterAll(() => simulator.stop());

describe.each(PROVIDER_KINDS)("a provider of kind $kind over $wire", ({ wire, kind }) => {
  const make = (key = simulator.key): Provider =>
    createProvider(simulatorProviders(simulator.url)[kind], key, nodeTransport);

  it("reports headers, text, usage and end, in this order, and all but text once", async () => {
    const collected = await collectEvents(make());
    expect(collected.failure).toBeUndefined();
    expect(textOf(collected)).toContain("Why is the sky blue?");
    const types = collected.events.map(({ type }) => type);
    expect(types.filter((type) => type !== "text")).toEqual(["started", "usage", "end"]);
    expect(types[0]).toBe("started");
    expect(collected.events.at(-1)).toEqual({ type: "end", finish: "stop" });
    const [started] = collected.events;
    expect(started?.type === "started" && started.requestId).toMatch(/^req_sim/);
    expect(started?.type === "started" && started.rateLimits.map(({ of }) => of)).toContain("requests");
    expect(collected.events.some((event) => "raw" in event)).toBe(false);
  });

  it("includes cached tokens in the input", async () => {
    const long = textMessage("user", "What we said before. ".repeat(500));
    const ask = (last: string): Ask => ({
      ...ASK,
      messages: [long, textMessage("assistant", "Yes."), textMessage("user", last)],
    });
    await collectEvents(make(), { ask: ask("First?") });
    const { events } = await collectEvents(make(), { ask: ask("Second?") });
    const reported = events.find((event) => event.type === "usage");
    expect(reported?.type === "usage" && reported.usage.cacheReadTokens).toBeGreaterThanOrEqual(1024);
    expect(reported?.type === "usage" && reported.usage.inputTokens).toBeGreaterThan(2500);
  });

  it("ends with `length` at the output limit that it sends", async () => {
    const collected = await collectEvents(make(), { ask: { ...ASK, maxOutputTokens: 5 } });
    const { events } = collected;
    expect([...piecesOf(textOf(collected))]).toHaveLength(5);
    expect(events.at(-1)).toEqual({ type: "end", finish: "length" });
    expect(events.find(({ type }) => type === "usage")).toMatchObject({ usage: { outputTokens: 5 } });
  });

  it("pushes a tool call when it is complete, and reports its size before", async () => {
    const messages = [textMessage("user", '[call: look {"at": "it"}]')];
    const tools = [{ name: "look", parametersSchema: { type: "object", properties: {} } }];
    const { events } = await collectEvents(make(), { ask: { ...ASK, messages, tools } });
    const characters = events.map((event) => (event.type === "toolCallProgress" ? event.characters : 0));
    expect(characters.reduce((sum, each) => sum + each, 0)).toBe('{"at": "it"}'.length);
    const others = events.filter(({ type }) => type !== "toolCallProgress");
    expect(others.map(({ type }) => type)).toEqual(["started", "toolCall", "usage", "end"]);
    expect(others[1]).toMatchObject({ name: "look", argumentsJson: '{"at": "it"}', id: expect.any(String) });
    expect(events.at(-1)).toEqual({ type: "end", finish: "toolCalls" });
  });

  it("lists the server's models, and fails with a Failure", async () => {
    expect(await make().listModels(NEVER_ABORTED)).toContain("sim-balanced");
    await expect(make("wrong").listModels(NEVER_ABORTED)).rejects.toMatchObject({ record: { kind: "auth" } });
  });

  it("relays a client's own body with our model and limit, and the wire's own text", async () => {
    const body = {
      model: "auto",
      max_tokens: 1,
      temperature: 0,
      metadata: { user_id: "me" },
      messages: [{ role: "user", content: "Why is the sky blue?" }],
    };
    const { events, failure } = await collectEvents(make(), {
      ask: { ...ASK, wire: { format: wire, body } },
    });
    expect(failure).toBeUndefined();
    const sent = simulator.requests().at(-1)?.body;
    expect(sent).toMatchObject({ model: "sim-balanced", stream: true, metadata: { user_id: "me" } });
    expect(sent?.["max_completion_tokens"] ?? sent?.["max_tokens"]).toBe(4096);
    expect(sent).not.toHaveProperty("temperature");
    const raw = events.map((event) => ("raw" in event ? event.raw : "")).join("");
    expect(events.filter((event) => "raw" in event).every(({ type }) => type === "text")).toBe(true);
    const start = wire === "openai" ? /^data: .*"role":"assistant"/ : /^event: message_start\n/;
    expect(raw).toMatch(start);
    // The end of the answer is reported in other ways.
    expect(raw).not.toMatch(/"finish_reason":"|"stop_reason":"/);
  });

  it("relays no wire text of tool calls", async () => {
    const messages = [{ role: "user", content: '[call: look {"at": "it"}]' }];
    const { events } = await collectEvents(make(), {
      ask: { ...ASK, wire: { format: wire, body: { messages, metadata: {} } } },
    });
    expect(events.filter(({ type }) => type === "toolCall")).toMatchObject([{ name: "look" }]);
    expect(events.some((event) => "raw" in event && event.raw !== undefined)).toBe(false);
  });

  it("rejects with the error of a sink that throws, and closes the socket", async () => {
    simulator.injectFault({ model: "sim-local", fault: { kind: "stall", afterTokens: 1 } });
    const bug = new Error("a bug in the sink");
    const collected = collectEvents(make(), {
      ask: { ...ASK, model: "sim-local" },
      onEvent: ({ type }) => {
        if (type === "text") throw bug;
      },
    });
    await expect(collected).rejects.toBe(bug);
    while ((await simulator.nextClosedByClient()).model !== "sim-local");
  });

  it("uses one connection for consecutive answers", async () => {
    await collectEvents(make());
    const before = simulator.connectionCount();
    for (let round = 0; round < 3; round += 1) await collectEvents(make());
    expect(simulator.connectionCount()).toBe(before);
  });
});
