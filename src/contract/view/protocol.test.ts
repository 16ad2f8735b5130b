import { describe, expect, it } from "vitest";
import { readFromView, readToView } from "./protocol.ts";

describe("messages from the view", () => {
  it.each([
    { type: "ready" },
    { type: "send", conversationId: null, text: "Why?" },
    { type: "thumb", turnId: "t1", thumb: null },
    { type: "budgetChoice", turnId: "t1", choice: "discard" },
    { type: "command", command: "addKey" },
  ])("are accepted: $type", (message) => {
    expect(readFromView(message)).toEqual(message);
  });

  it.each([
    undefined,
    "ready",
    { type: "other" },
    { type: "send", text: "Why?" },
    { type: "send", conversationId: 1, text: "Why?" },
    { type: "thumb", turnId: "t1", thumb: "sideways" },
    { type: "command", command: "workbench.action.quit" },
  ])("are rejected where a field is missing or wrong: %j", (message) => {
    expect(readFromView(message)).toBeUndefined();
  });

  it("lose unknown fields", () => {
    expect(readFromView({ type: "stop", extra: 1 })).toEqual({ type: "stop" });
  });
});

describe("messages to the view", () => {
  it.each([
    { type: "text", turnId: "t1", text: "a" },
    { type: "restarted", turnId: "t1" },
    { type: "conversation", conversation: null, busyTurnId: null },
    { type: "answer", turnId: "t1", busy: true, answer: { fallbacks: [] } },
    { type: "attached", context: [] },
  ])("are accepted: $type", (message) => {
    expect(readToView(message)).toBe(message);
  });

  it.each([
    null,
    { type: "text", turnId: "t1" },
    { type: "answer", turnId: "t1", busy: true, answer: null },
    { type: "conversations", rows: [1], query: "", nowMs: 0 },
  ])("are rejected where a field is missing or wrong: %j", (message) => {
    expect(readToView(message)).toBeUndefined();
  });
});
