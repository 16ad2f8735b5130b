import { afterEach, describe, expect, it } from "vitest";
import { type CaseWorld, startWorld, TOKEN } from "../faults/reported/world.ts";
import { eventsOf, user } from "./testServer.ts";

/** A model that is silent for longer than a minute. Time passes at once here. */
const SILENT = {
  status: 200,
  headers: { "content-type": "text/event-stream" },
  chunks: [""],
  delaysMs: [65_000],
};

let world: CaseWorld;
afterEach(() => world.close());

async function chat(body: object): Promise<Response> {
  world = await startWorld({ transport: "undici", wire: "openai" });
  world.upstream.play(SILENT);
  return fetch(`${world.origin}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify({ messages: user("Hi"), ...body }),
  });
}

describe("a client that waits for a model which is silent", () => {
  it("gets headers and comments, and then the answer of the next model", async () => {
    const response = await chat({ model: "auto", stream: true });
    expect(response.status).toBe(200);
    expect(response.headers.get("x-switchyard-route")).toBe("r");
    expect(response.headers.has("x-switchyard-model")).toBe(false);
    const copy = response.clone();
    expect(await copy.text()).toMatch(/^: waiting for the model\n\n/);
    const events = await eventsOf(response);
    expect(events[0]).toMatchObject({ model: "alt/m" });
    expect(events.at(-1)).toBe("[DONE]");
  });

  it("gets an error as an event, in the shape of an error response, if no model answers", async () => {
    const response = await chat({ model: "up/m", stream: true });
    expect(response.status).toBe(200);
    expect(await eventsOf(response)).toEqual([
      {
        error: {
          code: "all_models_failed",
          type: "server_error",
          param: null,
          message: expect.stringContaining("up/m"),
        },
      },
    ]);
  });

  it("gets nothing before the end if it does not stream, and a status that is right", async () => {
    const response = await chat({ model: "up/m", stream: false });
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ error: { code: "all_models_failed" } });
  });
});
