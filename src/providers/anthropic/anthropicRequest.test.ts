import { describe, expect, it } from "vitest";
import { FULL_ASK } from "../../../test/support/fullAsk.ts";
import type { Ask } from "../../contract/ask.ts";
import { textMessage } from "../../contract/message.ts";
import { anthropicBody, anthropicVersion } from "./anthropicRequest.ts";

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
