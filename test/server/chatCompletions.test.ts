import { request as httpRequest } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type EndpointScene, endpointScene, eventsOf, TOKEN, user } from "./testServer.ts";

let scene: EndpointScene;

beforeAll(async () => {
  scene = await endpointScene();
});
afterEach(() => {
  scene.simulator.clear();
  expect(scene.errors).toEqual([]);
});
afterAll(() => scene.close());

const HELLO = { model: "auto", messages: user("Hello. [tokens: 5]") };

/** What OpenAI's wire tells of an error, with its status. */
async function errorOf(response: Response) {
  const { error } = await response.json();
  return { status: response.status, ...error };
}

describe("an answer in one piece", () => {
  it("is OpenAI's, with the model that answered, the usage, and what it cost in the headers", async () => {
    const response = await scene.chat(HELLO);
    expect(response.status).toBe(200);
    const answer = await response.json();
    expect(answer).toMatchObject({
      object: "chat.completion",
      model: "east/sim-cheap",
      choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant" } }],
      usage: { completion_tokens: 5 },
    });
    expect(answer.choices[0].message.content.length).toBeGreaterThan(10);
    const { prompt_tokens, completion_tokens, total_tokens } = answer.usage;
    expect(total_tokens).toBe(prompt_tokens + completion_tokens);
    expect(response.headers.get("x-switchyard-model")).toBe("east/sim-cheap");
    expect(response.headers.get("x-switchyard-route")).toBe("All");
    expect(response.headers.get("x-switchyard-fallbacks")).toBe("0");
    const nanoUsd = Math.ceil(prompt_tokens * 150) + Math.ceil(completion_tokens * 600);
    expect(response.headers.get("x-switchyard-cost-usd")).toBe(`0.${String(nanoUsd).padStart(9, "0")}`);
  });

  it("comes from the next model, whole, where the first one's is torn in the middle", async () => {
    scene.simulator.injectFault({ model: "sim-cheap", fault: { kind: "cut", afterTokens: 3, how: "reset" } });
    const response = await scene.chat({ model: "auto", messages: user("Why is the sky blue?") });
    const answer = await response.json();
    expect(response.headers.get("x-switchyard-model")).toBe("west/sim-balanced");
    expect(response.headers.get("x-switchyard-fallbacks")).toBe("1");
    const text: string = answer.choices[0].message.content;
    expect(text.match(/Simulated answer/g)).toHaveLength(1);
    expect(text).toContain("Set a provider's key");
  });

  it("that stopped at its limit says so", async () => {
    const answer = await (await scene.chat({ ...HELLO, max_tokens: 2 })).json();
    expect(answer.choices[0].finish_reason).toBe("length");
    expect(answer.usage.completion_tokens).toBe(2);
  });

  it("brings a tool call whole, from either format", async () => {
    for (const model of ["east/sim-cheap", "west/sim-cheap"]) {
      const tools = [{ type: "function", function: { name: "look", parameters: { type: "object" } } }];
      const asked = { model, tools, messages: user('[call: look {"at": 1}]') };
      const { choices } = await (await scene.chat(asked)).json();
      expect(choices[0]).toMatchObject({
        finish_reason: "tool_calls",
        message: { content: null, tool_calls: [{ type: "function", function: { name: "look" } }] },
      });
      expect(JSON.parse(choices[0].message.tool_calls[0].function.arguments)).toEqual({ at: 1 });
    }
  });
});

describe("a streamed answer", () => {
  it("is the provider's own events, with the model's ref, then the end and [DONE]", async () => {
    const response = await scene.chat({ ...HELLO, stream: true });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    expect(response.headers.get("x-switchyard-model")).toBe("east/sim-cheap");
    expect(response.headers.get("x-switchyard-route")).toBe("All");
    expect(response.headers.get("x-switchyard-fallbacks")).toBe("0");
    const events = await eventsOf(response);
    expect(events.at(-1)).toBe("[DONE]");
    const chunks = events.slice(0, -1);
    for (const chunk of chunks) {
      expect(chunk).toMatchObject({ object: "chat.completion.chunk", model: "east/sim-cheap" });
    }
    // A field of the provider's own that nothing here knows of.
    expect(chunks[0]).toMatchObject({
      system_fingerprint: "fp_simulator",
      choices: [{ delta: { role: "assistant" } }],
    });
    expect(new Set(chunks.map((chunk) => Object(chunk).id)).size).toBe(1);
    expect(chunks.at(-1)).toMatchObject({ choices: [{ finish_reason: "stop" }] });
  });

  it("tells the usage at its end where that is asked for", async () => {
    const asked = { ...HELLO, stream: true, stream_options: { include_usage: true } };
    const events = await eventsOf(await scene.chat(asked));
    expect(events.at(-2)).toMatchObject({ choices: [], usage: { completion_tokens: 5 } });
    expect(events.at(-1)).toBe("[DONE]");
  });

  it("is told in chunks of OpenAI's where the provider speaks another format", async () => {
    const text = async (model: string) => {
      const events = await eventsOf(await scene.chat({ ...HELLO, model, stream: true }));
      const deltas = events.map((event) => Object(event).choices?.[0]?.delta?.content ?? "");
      return { events, text: deltas.join("") };
    };
    const west = await text("west/sim-cheap");
    expect(west.text).toBe((await text("east/sim-cheap")).text);
    expect(west.events[0]).toMatchObject({
      choices: [{ delta: { role: "assistant" } }],
      model: "west/sim-cheap",
    });
    expect(west.events.at(-1)).toBe("[DONE]");
  });

  it("sends a tool call on only once it is whole", async () => {
    const asked = { model: "auto", stream: true, messages: user('[call: look {"at": [1, 2, 3]}]') };
    const events = await eventsOf(await scene.chat(asked));
    const calls = events.flatMap((event) => Object(event).choices?.[0]?.delta?.tool_calls ?? []);
    expect(calls).toMatchObject([
      { index: 0, type: "function", function: { name: "look", arguments: '{"at": [1, 2, 3]}' } },
    ]);
    expect(events.at(-2)).toMatchObject({ choices: [{ finish_reason: "tool_calls" }] });
  });

  it("that nobody can make whole ends in an error event: no finish reason, no [DONE]", async () => {
    scene.simulator.injectFault({ times: "always", fault: { kind: "cut", afterTokens: 3, how: "reset" } });
    const response = await scene.chat({ model: "east/sim-cheap", stream: true, messages: user("Why?") });
    expect(response.status).toBe(200);
    const events = await eventsOf(response);
    expect(events.at(-1)).toMatchObject({
      error: {
        type: "server_error",
        code: "all_models_failed",
        message: expect.stringContaining("east/sim-cheap"),
      },
    });
    expect(events).not.toContain("[DONE]");
    const reasons = events.map((event) => Object(event).choices?.[0]?.finish_reason ?? null);
    expect(reasons.every((reason) => reason === null)).toBe(true);
  });
});

describe("what is asked for", () => {
  const modelOf = async (model: string, text = "Hello. [tokens: 2]") => {
    const response = await scene.chat({ model, messages: user(text) });
    expect(response.status).toBe(200);
    return [response.headers.get("x-switchyard-route"), response.headers.get("x-switchyard-model")];
  };

  it("auto is decided by routing", async () => {
    expect(await modelOf("auto", "Translate this. [tokens: 2]")).toEqual(["Translate", "east/sim-balanced"]);
    expect(await modelOf("auto")).toEqual(["All", "east/sim-cheap"]);
  });

  it("a route's name is that route, whether it would have applied or not", async () => {
    expect(await modelOf("Only west")).toEqual(["Only west", "west/sim-cheap"]);
  });

  it("a model that a route is named after is the route", async () => {
    expect(await modelOf("east/sim-balanced")).toEqual(["east/sim-balanced", "west/sim-balanced"]);
  });

  it("a model is that model, and no other where it fails", async () => {
    expect(await modelOf("west/sim-cheap")).toEqual(["explicit", "west/sim-cheap"]);
    scene.simulator.injectFault({ model: "sim-cheap", times: 3, fault: { kind: "status", status: 400 } });
    const failed = await scene.chat({ model: "west/sim-cheap", messages: user("Hello.") });
    expect(failed.status).toBe(400);
  });

  it("what there is not is a 404 that names what there is", async () => {
    for (const model of ["gpt-4o", "nobody/nothing", "east/", "openai/gpt-nonsense"]) {
      const error = await errorOf(await scene.chat({ ...HELLO, model }));
      expect(error).toMatchObject({ status: 404, code: "model_not_found", param: "model" });
      for (const name of ["auto", "Only west", "east/sim-cheap"])
        expect(error.message).toContain(`"${name}"`);
    }
    const { message } = await errorOf(
      await scene.chat({ ...HELLO, model: "east/sim-cheep".replace("east", "eats") }),
    );
    expect(message).toContain('Did you mean "east/sim-cheap"?');
  });

  it("GET /v1/models lists all of it", async () => {
    const response = await fetch(`${scene.endpoint.url}/models`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    const { object, data } = await response.json();
    expect(object).toBe("list");
    const ids: readonly string[] = data.map(({ id }: { id: string }) => id);
    expect(ids.slice(0, 5)).toEqual(["auto", "Translate", "Only west", "east/sim-balanced", "All"]);
    expect(ids.slice(5).toSorted()).toEqual(["east/sim-cheap", "west/sim-balanced", "west/sim-cheap"]);
    expect(data[0]).toMatchObject({ object: "model", owned_by: "switchyard" });
    expect(data.at(-1)).toMatchObject({ object: "model" });
  });
});

describe("what goes to the provider", () => {
  it("is the client's own body, with the model's name, the limit and the stream set", async () => {
    const body = {
      model: "auto",
      messages: [
        { role: "developer", content: "Be brief." },
        ...user([
          { type: "text", text: "What is this? [tokens: 2]" },
          { type: "image_url", image_url: { url: "data:image/png;base64,QUJD", detail: "low" } },
        ]),
      ],
      temperature: 0.2,
      seed: 7,
      response_format: { type: "json_object" },
      something_new: { nested: [1, 2] },
      max_completion_tokens: 50,
    };
    const before = scene.simulator.requestCount();
    expect((await scene.chat(body)).status).toBe(200);
    const { body: sent } = scene.simulator.requests()[before] ?? {};
    const { model: _, max_completion_tokens, ...kept } = body;
    expect(sent).toEqual({
      ...kept,
      model: "sim-cheap",
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: max_completion_tokens,
    });
  });

  it("is translated for another format: tools, their calls and results, images", async () => {
    const body = {
      model: "west/sim-cheap",
      max_tokens: 60,
      stop: "END",
      tool_choice: "auto",
      tools: [
        {
          type: "function",
          function: { name: "look", description: "Looks.", parameters: { type: "object" } },
        },
      ],
      messages: [
        { role: "system", content: "Be brief." },
        ...user([
          { type: "text", text: "What is this?" },
          { type: "image_url", image_url: { url: "data:image/png;base64,QUJD" } },
        ]),
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "c1", type: "function", function: { name: "look", arguments: '{"at":1}' } }],
        },
        { role: "tool", tool_call_id: "c1", content: "A cat." },
      ],
    };
    const before = scene.simulator.requestCount();
    expect((await scene.chat(body)).status).toBe(200);
    const { body: sent } = scene.simulator.requests()[before] ?? {};
    expect(sent).toMatchObject({
      model: "sim-cheap",
      max_tokens: 60,
      stop_sequences: ["END"],
      system: [{ type: "text", text: "Be brief." }],
      tools: [{ name: "look", description: "Looks.", input_schema: { type: "object" } }],
      messages: [
        { role: "user", content: [{ text: "What is this?" }, { type: "image", source: { data: "QUJD" } }] },
        { role: "assistant", content: [{ type: "tool_use", id: "c1", name: "look", input: { at: 1 } }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "c1", content: "A cat." }] },
      ],
    });
  });

  it("what another format has no place for is a 400 that names it, and nothing is sent", async () => {
    const image = [{ type: "image_url", image_url: { url: "https://example.com/cat.png" } }];
    const before = scene.simulator.requestCount();
    for (const [more, named] of [
      [{ response_format: { type: "json_object" } }, "response_format"],
      [{ logprobs: true }, "logprobs"],
      [{ messages: user(image) }, "messages[0].content[0]"],
      [{ tools: [{ type: "custom", custom: { name: "x" } }] }, "tools[0]"],
    ] as const) {
      const error = await errorOf(await scene.chat({ ...HELLO, model: "west/sim-cheap", ...more }));
      expect(error).toMatchObject({ status: 400, type: "invalid_request_error" });
      expect(error.message).toContain(named);
    }
    expect(scene.simulator.requestCount()).toBe(before);
    expect(
      (await scene.chat({ ...HELLO, response_format: { type: "text" }, model: "west/sim-cheap" })).status,
    ).toBe(200);
  });
});

/** A request with a field of 20,000 lists in lists. */
function deep(name: string): string {
  const rest = JSON.stringify(HELLO).slice(1);
  return `{"${name}": ${"[".repeat(20_000)}${"]".repeat(20_000)}, ${rest}`;
}

describe("a request that is wrong", () => {
  it.each([
    ["no JSON", '{"model": "auto",}', "position 17"],
    ["no object", "[]", "JSON object"],
    ["no model", { messages: user("x") }, "model must be"],
    ["no messages", { model: "auto", messages: [] }, "messages must be"],
    ["an unknown role", { model: "auto", messages: [{ role: "robot", content: "x" }] }, "messages[0].role"],
    ["a part without a type", { model: "auto", messages: user([{}]) }, "messages[0].content[0].type"],
    ["a limit of nothing", { ...HELLO, max_tokens: 0 }, "max_tokens"],
    ["several answers", { ...HELLO, n: 2 }, "n must be 1"],
    ["a stream that is no flag", { ...HELLO, stream: "yes" }, "stream"],
    ["an unknown field without a bottom", deep("prediction"), "prediction is nested more than"],
    ["tools without a bottom", deep("tools"), "tools is nested more than"],
  ])("is a 400 that says where: %s", async (_, body, words) => {
    const error = await errorOf(await scene.chat(body));
    expect(error).toMatchObject({ status: 400, type: "invalid_request_error" });
    expect(error.message).toContain(words);
  });

  it("without the token, or with another, is a 401 in OpenAI's shape", async () => {
    for (const headers of [{}, { authorization: "Bearer wrong" }, { authorization: TOKEN }]) {
      const error = await errorOf(await scene.chat(HELLO, { headers: Object(headers) }));
      expect(error).toMatchObject({ status: 401, type: "authentication_error", code: "invalid_api_key" });
      expect(error.message).not.toContain(TOKEN);
    }
  });

  it("with the name of another host, as a rebound page sends it, is a 403 even with the token", async () => {
    const { port } = new URL(scene.endpoint.url);
    const status = await new Promise((resolve, reject) => {
      httpRequest(
        {
          host: "127.0.0.1",
          port,
          path: "/v1/models",
          headers: { host: "evil.example.com", authorization: `Bearer ${TOKEN}` },
        },
        (response) => resolve(response.resume().statusCode),
      )
        .once("error", reject)
        .end();
    });
    expect(status).toBe(403);
  });

  it("to another address or with another method is told so, and no page of another origin is let in", async () => {
    const headers = { authorization: `Bearer ${TOKEN}`, origin: "https://example.com" };
    const unknown = await fetch(`${scene.endpoint.url}/embeddings`, { method: "POST", headers });
    expect(await errorOf(unknown)).toMatchObject({ status: 404, code: "unknown_url" });
    const wrong = await fetch(`${scene.endpoint.url}/chat/completions`, { headers });
    expect(wrong.headers.get("allow")).toBe("POST");
    expect(await errorOf(wrong)).toMatchObject({ status: 405 });
    expect(wrong.headers.has("access-control-allow-origin")).toBe(false);
  });

  it("that is too large is a 413, with its length announced or not", async () => {
    const large = JSON.stringify({ ...HELLO, padding: "x".repeat(33 * 1024 * 1024) });
    expect(await errorOf(await scene.chat(large))).toMatchObject({ status: 413, code: "request_too_large" });
    const body = new Blob([large]).stream();
    const init = { body, duplex: "half" } as const;
    expect(await errorOf(await scene.chat(large, init))).toMatchObject({ status: 413 });
    expect((await scene.chat(HELLO)).status).toBe(200);
  });
});

describe("where no model gives an answer", () => {
  it("each is named with why, and the client is told not to try again at once", async () => {
    scene.simulator.injectFault({ times: "always", fault: { kind: "status", status: 503 } });
    const response = await scene.chat(HELLO);
    expect(response.headers.get("x-should-retry")).toBe("false");
    const error = await errorOf(response);
    expect(error).toMatchObject({ status: 502, type: "server_error", code: "all_models_failed" });
    expect(error.message).toMatch(/east\/sim-cheap: overloaded.*west\/sim-balanced: overloaded/);
  });

  it("a prompt that is too long for any is a 400 with OpenAI's code", async () => {
    const body = { error: { message: "Too long.", code: "context_length_exceeded" } };
    scene.simulator.injectFault({ times: "always", fault: { kind: "status", status: 400, body } });
    const error = await errorOf(await scene.chat({ ...HELLO, model: "east/sim-cheap" }));
    expect(error).toMatchObject({ status: 400, code: "context_length_exceeded" });
  });
});
