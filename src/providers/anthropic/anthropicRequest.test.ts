import { describe, expect, it } from "vitest";
import { FULL_ASK } from "../../../test/support/providers/fullAsk.ts";
import { type Message, textMessage } from "../../contract/message.ts";
import type { Ask } from "../../contract/provider/ask.ts";
import { anthropicBody, anthropicVersion, unsupportedImage } from "./anthropicRequest.ts";

describe("a request for Anthropic's messages", () => {
  const body = anthropicBody(FULL_ASK, "a");

  it("contains the system prompt, tools, limits, and this provider's own reasoning verbatim", () => {
    expect(body).toMatchObject({
      model: "m",
      max_tokens: 100,
      stream: true,
      stop_sequences: ["END"],
      tool_choice: { type: "any" },
      tools: [{ name: "look", description: "Looks.", input_schema: { type: "object", properties: {} } }],
    });
    expect(body["messages"]).toEqual([
      {
        role: "user",
        content: [
          { type: "text", text: "What is this?" },
          { type: "image", source: { type: "base64", media_type: "image/png", data: "QUJD" } },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "Hm.", signature: "sig" },
          { type: "redacted_thinking", data: "data" },
          { type: "text", text: "I look." },
          { type: "tool_use", id: "c1", name: "look", input: { at: 1 } },
        ],
      },
      {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: "c1", content: "A cat.", is_error: false }],
      },
      {
        role: "assistant",
        content: [{ type: "text", text: "A cat.", cache_control: { type: "ephemeral" } }],
      },
      { role: "user", content: [{ type: "text", text: "Sure?" }] },
    ]);
  });

  it("marks what rarely changes for the cache: the system prompt, and what precedes the latest question", () => {
    expect(body["system"]).toEqual([
      { type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } },
    ]);
    expect(JSON.stringify(body).split("cache_control")).toHaveLength(3);
  });

  it("keeps the marks that a client set, and adds none", () => {
    const messages = [
      { role: "user", content: [{ type: "text", text: "Hi", cache_control: { type: "ephemeral" } }] },
    ];
    const wire = {
      format: "anthropic" as const,
      body: { model: "auto", max_tokens: 1, messages, thinking: { type: "adaptive" } },
    };
    expect(anthropicBody({ ...FULL_ASK, wire }, "a")).toEqual({
      model: "m",
      max_tokens: 100,
      stream: true,
      messages,
      thinking: { type: "adaptive" },
    });
  });

  const sent = (messages: readonly Message[]) => anthropicBody({ ...FULL_ASK, messages }, "a")["messages"];

  it("contains ids of tool calls that the API accepts, the same for a call and its result, and never twice", () => {
    const call = (id: string): Message => ({
      role: "assistant",
      parts: [{ type: "toolCall", id, name: "look", argumentsJson: "" }],
    });
    const result = (id: string): Message => ({
      role: "tool",
      parts: [{ type: "toolResult", id, text: "x" }],
    });
    const ids = ["functions.look:0", "functions.look:1", "functions_look_0", "ü", "a b", "a:b", "0", "0"];
    const conversation = ids.flatMap((id) => [call(id), result(id)]);
    const blocks = JSON.stringify(sent([textMessage("user", "Look."), ...conversation]));
    const calls = [...blocks.matchAll(/"id":"([^"]*)"/g)].map(([, id]) => id);
    const results = [...blocks.matchAll(/"tool_use_id":"([^"]*)"/g)].map(([, id]) => id);
    expect(calls).toEqual(results);
    expect(new Set(calls).size).toBe(ids.length);
    for (const id of calls) expect(id).toMatch(/^[a-zA-Z0-9_-]+$/);
    expect([calls[2], calls[6]]).toEqual(["functions_look_0", "0"]);
    expect(blocks).toContain('"input":{}');
    // The second request of the conversation has the same beginning, for the prompt cache.
    const shorter = JSON.stringify(sent([textMessage("user", "Look."), ...conversation.slice(0, -2)]));
    expect(blocks).toContain(shorter.slice(0, -1).replace(',"cache_control":{"type":"ephemeral"}', ""));
  });

  it("gives results to calls with the same id in their order", () => {
    const parts = ["1", "2"].map(
      (at) => ({ type: "toolCall", id: "c:0", name: "look", argumentsJson: `{"at":${at}}` }) as const,
    );
    const results = ["one", "two"].map((text) => ({ type: "toolResult", id: "c:0", text }) as const);
    const [, call, answer] = Object(
      sent([textMessage("user", "x"), { role: "assistant", parts }, { role: "tool", parts: results }]),
    );
    const idsOf = (message: { content: Record<string, string>[] }, name: string) =>
      message.content.map((block) => block[name]);
    expect(idsOf(call, "id")).toEqual(idsOf(answer, "tool_use_id"));
    expect(new Set(idsOf(call, "id")).size).toBe(2);
    expect(idsOf(answer, "content")).toEqual(["one", "two"]);
  });

  it("contains no blank text, and no message without content", () => {
    const part = (text: string) => ({ type: "text", text }) as const;
    const call = { type: "toolCall", id: "c1", name: "look", argumentsJson: "{}" } as const;
    const messages: readonly Message[] = [
      textMessage("system", " "),
      textMessage("user", "List src"),
      { role: "assistant", parts: [part("\n"), call] },
      { role: "tool", parts: [{ type: "toolResult", id: "c1", text: "" }] },
      textMessage("assistant", "\u00a0"),
      { role: "tool", parts: [{ type: "toolResult", id: "c1", text: " ", isError: true }] },
      { role: "user", parts: [part("  "), part("Well?")] },
    ];
    expect(anthropicBody({ ...FULL_ASK, messages }, "a")).not.toHaveProperty("system");
    expect(sent(messages)).toMatchObject([
      { role: "user", content: [{ type: "text", text: "List src" }] },
      { role: "assistant", content: [{ type: "tool_use", id: "c1", input: {} }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "c1" }] },
      {
        role: "user",
        content: [{ type: "tool_result", content: "It failed without a message.", is_error: true }],
      },
      { role: "user", content: [{ type: "text", text: "Well?" }] },
    ]);
    expect(JSON.stringify(sent(messages))).not.toMatch(/"(text|content)":"\s*"/);
  });

  it("names an image's type as the API does, and leaves no image out in silence", () => {
    const image = (mediaType: string): Message => ({
      role: "user",
      parts: [{ type: "image", mediaType, data: "QUJD" }],
    });
    for (const [given, named] of [
      ["image/jpg", "image/jpeg"],
      ["IMAGE/JPEG", "image/jpeg"],
      ["image/x-png", "image/png"],
    ] as const) {
      const messages = [image(given)];
      expect(unsupportedImage({ ...FULL_ASK, messages })).toBeUndefined();
      expect(sent(messages)).toMatchObject([{ content: [{ source: { media_type: named, data: "QUJD" } }] }]);
    }
    expect(unsupportedImage({ ...FULL_ASK, messages: [image("image/bmp")] })).toBe("image/bmp");
  });

  it("contains a limit on parallel tool calls, whatever the choice among the tools", () => {
    const choice = (more: Partial<Ask>) =>
      anthropicBody({ ...FULL_ASK, toolChoice: undefined, ...more }, "a")["tool_choice"];
    expect(choice({ parallelToolCalls: false })).toEqual({ type: "auto", disable_parallel_tool_use: true });
    expect(choice({ parallelToolCalls: false, toolChoice: { name: "look" } })).toEqual({
      type: "tool",
      name: "look",
      disable_parallel_tool_use: true,
    });
    expect(choice({ parallelToolCalls: false, toolChoice: "none" })).toEqual({ type: "none" });
    expect(choice({ parallelToolCalls: false, tools: [] })).toBeUndefined();
    expect(choice({ parallelToolCalls: true })).toBeUndefined();
  });

  it("contains the effort of reasoning as the model takes it: an effort, or a budget below the output limit", () => {
    const fields = (more: Partial<Ask>) => {
      const { output_config, thinking } = anthropicBody({ ...FULL_ASK, ...more }, "a");
      return { output_config, thinking };
    };
    expect(fields({})).toEqual({});
    expect(fields({ reasoningEffort: "high" })).toEqual({ output_config: { effort: "high" } });
    expect(fields({ reasoningEffort: "minimal" })).toEqual({ output_config: { effort: "low" } });
    expect(fields({ reasoningEffort: "none" })).toEqual({ thinking: { type: "disabled" } });
    const older: Partial<Ask> = { model: "claude-haiku-4-5-20251001", maxOutputTokens: 10_000 };
    expect(fields({ ...older, reasoningEffort: "medium" })).toEqual({
      thinking: { type: "enabled", budget_tokens: 5000 },
    });
    expect(fields({ ...older, reasoningEffort: "minimal", maxOutputTokens: 1025 })).toEqual({
      thinking: { type: "enabled", budget_tokens: 1024 },
    });
    expect(fields({ ...older, reasoningEffort: "high", maxOutputTokens: 1024 })).toEqual({});
    const appended = [textMessage("assistant", "It is a")];
    expect(fields({ ...older, reasoningEffort: "high", appended })).toEqual({});
    expect(fields({ ...older, reasoningEffort: "high", messages: FULL_ASK.messages.slice(0, 4) })).toEqual(
      {},
    );
  });

  it("names the older version only if the newer one would reject the request", () => {
    expect(anthropicVersion(FULL_ASK)).toBe("2026-10-21");
    expect(anthropicVersion({ ...FULL_ASK, temperature: 1 })).toBe("2023-06-01");
    expect(anthropicVersion({ ...FULL_ASK, wire: { format: "anthropic", body: {} } })).toBe("2023-06-01");
  });
});

describe("a partial answer to resume, in Anthropic's messages", () => {
  const beginning = textMessage("assistant", "It is a");
  const ask: Ask = { ...FULL_ASK, messages: [textMessage("user", "What?")], appended: [beginning] };
  const resumed = { role: "assistant", content: [{ type: "text", text: "It is a" }] };

  it("follows the conversation, without a mark for the cache", () => {
    expect(anthropicBody(ask, "a")["messages"]).toEqual([
      { role: "user", content: [{ type: "text", text: "What?" }] },
      resumed,
    ]);
  });

  it("follows the messages of a client's own body, which is otherwise unchanged", () => {
    const body = { model: "x", messages: [{ role: "user", content: "What?" }], seed: 1 };
    expect(anthropicBody({ ...ask, wire: { format: "anthropic", body } }, "a")).toMatchObject({
      seed: 1,
      messages: [body.messages[0], resumed],
    });
  });
});
