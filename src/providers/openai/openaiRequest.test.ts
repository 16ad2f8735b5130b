import { describe, expect, it } from "vitest";
import { FULL_ASK } from "../../../test/support/providers/fullAsk.ts";
import { textMessage } from "../../contract/message.ts";
import type { Ask } from "../../contract/provider/ask.ts";
import type { ProviderConfig } from "../../models/providerConfig.ts";
import { openaiBodyText } from "./openaiRequest.ts";

const OPENAI: ProviderConfig = { id: "o", name: "O", kind: "openai", local: false };
const SERVER: ProviderConfig = { ...OPENAI, kind: "openai-compatible", baseUrl: "http://127.0.0.1:1/v1" };

function openaiBody(ask: Ask, config: ProviderConfig): Readonly<Record<string, unknown>> {
  return JSON.parse(openaiBodyText(ask, config));
}

describe("a request for chat completions", () => {
  it("contains messages, images, tool calls and their results, without reasoning", () => {
    expect(openaiBody(FULL_ASK, OPENAI)).toEqual({
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

  it("uses the server's name of the output limit, and contains sampling parameters only if they are requested", () => {
    const body = openaiBody({ ...FULL_ASK, temperature: 0.2, topP: 0.9 }, SERVER);
    expect(body).toMatchObject({ max_tokens: 100, temperature: 0.2, top_p: 0.9 });
    expect(body).not.toHaveProperty("max_completion_tokens");
    expect(openaiBody(FULL_ASK, SERVER)).not.toHaveProperty("temperature");
  });

  it("contains no stream_options for Mistral, which rejects them", () => {
    const mistral = { ...SERVER, baseUrl: "https://api.mistral.ai/v1" };
    expect(openaiBody(FULL_ASK, mistral)).not.toHaveProperty("stream_options");
  });
});

describe("the JSON of a client's own body", () => {
  const written = `{ "model": "auto", "stream":false, "max_tokens": 7, "temperature" : 1e0,
    "messages": [ {"role": "user", "content": "Say \\"}]\\" \\u00e9"} ], "seed":1, "n": null }`;
  const wire = { format: "openai" as const, body: JSON.parse(written), text: written };

  it.each([
    ["with our limits", {}],
    ["with our temperature if the model accepts one", { temperature: 0.5, topP: 0.9 }],
    ["with a partial answer to resume", { appended: [textMessage("assistant", "It is")] }],
  ])("equals the body that is serialized again, %s", (_what, more) => {
    for (const config of [OPENAI, SERVER]) {
      const ask: Ask = { ...FULL_ASK, ...more, wire };
      const serialized = openaiBody({ ...ask, wire: { ...wire, text: undefined } }, config);
      expect(openaiBody(ask, config)).toEqual(serialized);
    }
  });

  it("contains nothing but what was parsed and counted", () => {
    const hidden = '{"messages":[{"role":"user","content":"a long text","content":"Hi"}]}';
    const twice = { ...wire, body: JSON.parse(hidden), text: hidden };
    expect(openaiBodyText({ ...FULL_ASK, wire: twice }, SERVER)).not.toContain("a long text");
  });

  it("contains the messages as the client wrote them", () => {
    expect(openaiBodyText({ ...FULL_ASK, wire }, SERVER)).toContain('"Say \\"}]\\" \\u00e9"} ]');
  });
});

describe("a partial answer to resume, in chat completions", () => {
  const beginning = textMessage("assistant", "It is a");
  const ask: Ask = { ...FULL_ASK, messages: [textMessage("user", "What?")], appended: [beginning] };

  it("follows the conversation", () => {
    expect(openaiBody(ask, SERVER)["messages"]).toEqual([
      { role: "user", content: "What?" },
      { role: "assistant", content: "It is a" },
    ]);
  });

  it("follows the messages of a client's own body, which is otherwise unchanged", () => {
    const body = { model: "x", messages: [{ role: "user", content: "What?" }], seed: 1 };
    expect(openaiBody({ ...ask, wire: { format: "openai", body } }, OPENAI)).toMatchObject({
      seed: 1,
      messages: [body.messages[0], { role: "assistant", content: "It is a" }],
    });
  });

  it("is marked as a prefix for Mistral and DeepSeek, which require it", () => {
    const at = (baseUrl: string, sent: Ask = ask) => openaiBody(sent, { ...SERVER, baseUrl })["messages"];
    for (const url of ["https://api.mistral.ai/v1", "https://api.deepseek.com/v1"]) {
      expect(at(url)).toMatchObject([{ role: "user" }, { role: "assistant", prefix: true }]);
    }
    const withQuestion = { ...ask, appended: [beginning, textMessage("user", "Continue.")] };
    expect(JSON.stringify(at("https://api.mistral.ai/v1", withQuestion))).not.toContain("prefix");
  });
});
