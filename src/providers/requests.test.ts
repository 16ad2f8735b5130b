import { describe, expect, it } from "vitest";
import type { Ask } from "../contract/ask.ts";
import { textMessage } from "../contract/message.ts";
import type { ProviderConfig } from "../models/providerConfig.ts";
import { anthropicBody, anthropicVersion } from "./anthropic/anthropicRequest.ts";
import { openaiBody, openaiBodyText } from "./openai/openaiRequest.ts";

const OPENAI: ProviderConfig = { id: "o", name: "O", kind: "openai", local: false };
const SERVER: ProviderConfig = { ...OPENAI, kind: "openai-compatible", baseUrl: "http://127.0.0.1:1/v1" };
const LIMITS = { connectMs: 1, firstTokenMs: 1, idleMs: 1 };

/** A conversation with everything in it. */
const ASK: Ask = {
  model: "m",
  maxOutputTokens: 100,
  limits: LIMITS,
  tools: [{ name: "look", description: "Looks.", parametersSchema: { type: "object", properties: {} } }],
  toolChoice: "required",
  stop: ["END"],
  messages: [
    textMessage("system", "Be brief."),
    {
      role: "user",
      parts: [
        { type: "text", text: "What is this?" },
        { type: "image", mediaType: "image/png", data: "QUJD" },
      ],
    },
    {
      role: "assistant",
      parts: [
        { type: "reasoning", text: "Hm.", provider: "a", signature: "sig" },
        { type: "reasoning", text: "", provider: "a", signature: "redacted:data" },
        { type: "reasoning", text: "Other.", provider: "elsewhere", signature: "other" },
        { type: "text", text: "I look." },
        { type: "toolCall", id: "c1", name: "look", argumentsJson: '{"at":1}' },
      ],
    },
    { role: "tool", parts: [{ type: "toolResult", id: "c1", text: "A cat.", isError: false }] },
    textMessage("assistant", "A cat."),
    textMessage("user", "Sure?"),
  ],
};

describe("a request for chat completions", () => {
  it("contains messages, images, tool calls and their results, without reasoning", () => {
    expect(openaiBody(ASK, OPENAI)).toEqual({
      model: "m",
      stream: true,
      stream_options: { include_usage: true },
      max_completion_tokens: 100,
      stop: ["END"],
      tool_choice: "required",
      tools: [
        {
          type: "function",
          function: { name: "look", description: "Looks.", parameters: { type: "object", properties: {} } },
        },
      ],
      messages: [
        { role: "system", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image_url", image_url: { url: "data:image/png;base64,QUJD" } },
          ],
        },
        {
          role: "assistant",
          content: "I look.",
          tool_calls: [{ id: "c1", type: "function", function: { name: "look", arguments: '{"at":1}' } }],
        },
        { role: "tool", tool_call_id: "c1", content: "A cat." },
        { role: "assistant", content: "A cat." },
        { role: "user", content: "Sure?" },
      ],
    });
  });

  it("names the output limit as the server does, and contains sampling parameters only where they are requested", () => {
    const body = openaiBody({ ...ASK, temperature: 0.2, topP: 0.9 }, SERVER);
    expect(body).toMatchObject({ max_tokens: 100, temperature: 0.2, top_p: 0.9 });
    expect(body).not.toHaveProperty("max_completion_tokens");
    expect(openaiBody(ASK, SERVER)).not.toHaveProperty("temperature");
  });

  it("contains no stream_options for Mistral, which rejects them", () => {
    const mistral = { ...SERVER, baseUrl: "https://api.mistral.ai/v1" };
    expect(openaiBody(ASK, mistral)).not.toHaveProperty("stream_options");
  });
});

describe("a request for Anthropic's messages", () => {
  const body = anthropicBody(ASK, "a");

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
    expect(anthropicBody({ ...ASK, wire }, "a")).toEqual({
      model: "m",
      max_tokens: 100,
      stream: true,
      messages,
      thinking: { type: "adaptive" },
    });
  });

  it("names the older version only where the newer one would reject the request", () => {
    expect(anthropicVersion(ASK)).toBe("2026-10-21");
    expect(anthropicVersion({ ...ASK, temperature: 1 })).toBe("2023-06-01");
    expect(anthropicVersion({ ...ASK, wire: { format: "anthropic", body: {} } })).toBe("2023-06-01");
  });
});

describe("a client's own body, as JSON", () => {
  const written = `{ "model": "auto", "stream":false, "max_tokens": 7, "temperature" : 1e0,
    "messages": [ {"role": "user", "content": "Say \\"}]\\" \\u00e9"} ], "seed":1, "n": null }`;
  const wire = { format: "openai" as const, body: JSON.parse(written), text: written };

  it.each([
    ["with our limits", {}],
    ["with its own temperature where the model takes one", { temperature: 0.5, topP: 0.9 }],
    ["with a partial answer to resume", { appended: [textMessage("assistant", "It is")] }],
  ])("equals the body that is serialized again, %s", (_what, more) => {
    for (const config of [OPENAI, SERVER]) {
      const ask: Ask = { ...ASK, ...more, wire };
      const text = openaiBodyText(ask, config);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(openaiBody(ask, config))));
    }
  });

  it("contains nothing but what was parsed and counted", () => {
    const hidden = '{"messages":[{"role":"user","content":"a long text","content":"Hi"}]}';
    const twice = { ...wire, body: JSON.parse(hidden), text: hidden };
    expect(openaiBodyText({ ...ASK, wire: twice }, SERVER)).not.toContain("a long text");
  });

  it("contains the messages as the client wrote them", () => {
    expect(openaiBodyText({ ...ASK, wire }, SERVER)).toContain('"Say \\"}]\\" \\u00e9"} ]');
  });
});

describe("a partial answer to resume", () => {
  const beginning = textMessage("assistant", "It is a");
  const CONTINUED: Ask = { ...ASK, messages: [textMessage("user", "What?")], appended: [beginning] };
  const body = { model: "x", messages: [{ role: "user", content: "What?" }], seed: 1 };

  it("follows the conversation, not marked for the cache", () => {
    expect(openaiBody(CONTINUED, SERVER)["messages"]).toEqual([
      { role: "user", content: "What?" },
      { role: "assistant", content: "It is a" },
    ]);
    expect(anthropicBody(CONTINUED, "a")["messages"]).toEqual([
      { role: "user", content: [{ type: "text", text: "What?" }] },
      { role: "assistant", content: [{ type: "text", text: "It is a" }] },
    ]);
  });

  it("follows the messages of a client's own body, which is otherwise unchanged", () => {
    const wired = (format: "openai" | "anthropic"): Ask => ({ ...CONTINUED, wire: { format, body } });
    expect(openaiBody(wired("openai"), OPENAI)).toMatchObject({
      seed: 1,
      messages: [body.messages[0], { role: "assistant", content: "It is a" }],
    });
    expect(anthropicBody(wired("anthropic"), "a")).toMatchObject({
      seed: 1,
      messages: [body.messages[0], { role: "assistant", content: [{ type: "text", text: "It is a" }] }],
    });
  });

  it("is marked as a prefix for Mistral and DeepSeek, which require it", () => {
    const at = (baseUrl: string) => openaiBody(CONTINUED, { ...SERVER, baseUrl })["messages"];
    for (const url of ["https://api.mistral.ai/v1", "https://api.deepseek.com/v1"])
      expect(at(url)).toMatchObject([{ role: "user" }, { role: "assistant", prefix: true }]);
    const asked = { ...CONTINUED, appended: [beginning, textMessage("user", "Go on.")] };
    expect(
      JSON.stringify(openaiBody(asked, { ...SERVER, baseUrl: "https://api.mistral.ai/v1" })),
    ).not.toContain("prefix");
  });
});
