import { describe, expect, it } from "vitest";
import { RelayedEvents } from "./relayedEvents.ts";

const event = (model: string, text: string, id = "chatcmpl-1") =>
  `data: ${JSON.stringify({ id, model, choices: [{ delta: { content: text } }] })}\n\n`;

describe("RelayedEvents", () => {
  it("replaces the model's name by its ref, in every event of a read", () => {
    const relayed = new RelayedEvents();
    const raw = event("gpt-x-2026", "a") + event("gpt-x-2026", "b");
    expect(relayed.rewrite(raw, "azure/gpt-x")).toBe(event("azure/gpt-x", "a") + event("azure/gpt-x", "b"));
    expect(relayed.id).toBe("chatcmpl-1");
  });

  it("follows a server that names the model differently later", () => {
    const relayed = new RelayedEvents();
    relayed.rewrite(event("router", "a"), "up/m");
    expect(relayed.rewrite(event("gpt-x-2026", "b"), "up/m")).toBe(event("up/m", "b"));
  });

  it("never changes the text of an answer that contains the model's name", () => {
    const text = 'It sends "model":"gpt-x" as its name.';
    expect(new RelayedEvents().rewrite(event("gpt-x", text), "up/m")).toBe(event("up/m", text));
  });

  it("relays no event without a name and learns no empty id", () => {
    const relayed = new RelayedEvents();
    expect(relayed.rewrite(event("", "a", ""), "up/m")).toBeUndefined();
    expect(relayed.id).toBeUndefined();
  });
});
