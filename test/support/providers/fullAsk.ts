import { textMessage } from "../../../src/contract/message.ts";
import type { Ask } from "../../../src/contract/provider/ask.ts";

/** A request with every kind of message and option. */
export const FULL_ASK: Ask = {
  model: "m",
  maxOutputTokens: 100,
  limits: { connectMs: 1, firstTokenMs: 1, thinkingMs: 1, idleMs: 1 },
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
