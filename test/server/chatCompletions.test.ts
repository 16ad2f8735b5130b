import { request as httpRequest } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { eventsOf, startTestServer, type TestServer, TOKEN, user } from "./testServer.ts";

let scene: TestServer;

beforeAll(async () => {
  scene = await startTestServer();
});
afterEach(() => {
  scene.simulator.clear();
  expect(scene.errors).toEqual([]);
});
afterAll(() => scene.close());

const HELLO = { model: "auto", messages: user("Hello. [tokens: 5]") };

/** An error in OpenAI's format, with its status. */
async function errorOf(response: Response) {
  const { error } = await response.json();
  return { status: response.status, ...error };
}

describe("an answer in one piece", () => {
  it("has OpenAI's format with the model and the usage, and the cost in the headers", async () => {
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

  it("comes complete from the next model if the first one's breaks", async () => {
    scene.simulator.injectFault({ model: "sim-cheap", fault: { kind: "cut", afterTokens: 3, how: "reset" } });
    const response = await scene.chat({ model: "auto", messages: user("Why is the sky blue?") });
    const answer = await response.json();
    expect(response.headers.get("x-switchyard-model")).toBe("west/sim-balanced");
    expect(response.headers.get("x-switchyard-fallbacks")).toBe("1");
    const text: string = answer.choices[0].message.content;
    expect(text.match(/Simulated answer/g)).toHaveLength(1);
    expect(text).toMatch(/from a real model\.$/);
  });

  it("reports that it ended at its output limit", async () => {
    const answer = await (await scene.chat({ ...HELLO, max_tokens: 2 })).json();
    expect(answer.choices[0].finish_reason).toBe("length");
    expect(answer.usage.completion_tokens).toBe(2);
  });

  it("contains a complete tool call from either format", async () => {
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
  it("relays the provider's events with the model's ref, then the end and [DONE]", async () => {
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
    // A field that only the provider knows.
    expect(chunks[0]).toMatchObject({
      system_fingerprint: "fp_simulator",
      choices: [{ delta: { role: "assistant" } }],
    });
    expect(new Set(chunks.map((chunk) => Object(chunk).id)).size).toBe(1);
    expect(chunks.at(-1)).toMatchObject({ choices: [{ finish_reason: "stop" }] });
  });

  it("ends with the usage if the client requests it", async () => {
    const asked = { ...HELLO, stream: true, stream_options: { include_usage: true } };
    const events = await eventsOf(await scene.chat(asked));
    expect(events.at(-2)).toMatchObject({ choices: [], usage: { completion_tokens: 5 } });
    expect(events.at(-1)).toBe("[DONE]");
  });

  it("is converted to OpenAI's chunks if the provider has another format", async () => {
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

  it("contains a tool call only when it is complete", async () => {
    const asked = { model: "auto", stream: true, messages: user('[call: look {"at": [1, 2, 3]}]') };
    const events = await eventsOf(await scene.chat(asked));
    const calls = events.flatMap((event) => Object(event).choices?.[0]?.delta?.tool_calls ?? []);
    expect(calls).toMatchObject([
      { index: 0, type: "function", function: { name: "look", arguments: '{"at": [1, 2, 3]}' } },
    ]);
    expect(events.at(-2)).toMatchObject({ choices: [{ finish_reason: "tool_calls" }] });
  });

  it("ends with an error event, without a finish reason and [DONE], if no model completes it", async () => {
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

describe("the requested model", () => {
  const modelOf = async (model: string, text = "Hello. [tokens: 2]") => {
    const response = await scene.chat({ model, messages: user(text) });
    expect(response.status).toBe(200);
    return [response.headers.get("x-switchyard-route"), response.headers.get("x-switchyard-model")];
  };

  it("is chosen by routing for `auto`", async () => {
    expect(await modelOf("auto", "Translate this. [tokens: 2]")).toEqual(["Translate", "east/sim-balanced"]);
    expect(await modelOf("auto")).toEqual(["All", "east/sim-cheap"]);
  });

  it("can be the name of a route, whether the route applies or not", async () => {
    expect(await modelOf("Only west")).toEqual(["Only west", "west/sim-cheap"]);
  });

  it("is the route if a route and a model have the same name", async () => {
    expect(await modelOf("east/sim-balanced")).toEqual(["east/sim-balanced", "west/sim-balanced"]);
  });

  it("can be a model, and no other is called if it fails", async () => {
    expect(await modelOf("west/sim-cheap")).toEqual(["explicit", "west/sim-cheap"]);
    scene.simulator.injectFault({ model: "sim-cheap", times: 3, fault: { kind: "status", status: 400 } });
    const failed = await scene.chat({ model: "west/sim-cheap", messages: user("Hello.") });
    expect(failed.status).toBe(400);
  });

  it("is rejected with 404 and a list of the known names if it is unknown", async () => {
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

  it("is listed by GET /v1/models", async () => {
    const response = await fetch(`${scene.server.url}/models`, {
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

describe("the request to the provider", () => {
  it("is the client's body with another model, limit and stream option", async () => {
    const body = {
      model: "auto",
      messages: [
        { role: "system", content: "Be brief." },
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

  it("is converted to another format with tools, tool calls, results and images", async () => {
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
        ...user("Where is it?"),
        { role: "assistant", content: null, refusal: "I cannot say." },
        ...user("Why?"),
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
        { role: "user", content: [{ text: "Where is it?" }] },
        { role: "assistant", content: [{ text: "I cannot say." }] },
        { role: "user", content: [{ text: "Why?" }] },
      ],
    });
  });

  it("is converted with the limit on parallel tool calls and the effort of reasoning", async () => {
    const tools = [{ type: "function", function: { name: "look", parameters: { type: "object" } } }];
    const more = { tools, parallel_tool_calls: false, reasoning_effort: "low" };
    const before = scene.simulator.requestCount();
    expect((await scene.chat({ ...HELLO, ...more, model: "west/sim-cheap" })).status).toBe(200);
    expect(scene.simulator.requests()[before]?.body).toMatchObject({
      tool_choice: { type: "auto", disable_parallel_tool_use: true },
      output_config: { effort: "low" },
    });
  });

  it("is not sent, and a 400 names the field, if the other format does not support it", async () => {
    const image = [{ type: "image_url", image_url: { url: "https://example.com/cat.png" } }];
    const bitmap = [{ type: "image_url", image_url: { url: "data:image/bmp;charset=x;base64,QUJD" } }];
    const pixel = [{ type: "image_url", image_url: { url: "data:image/png;base64,QUJD" } }];
    const before = scene.simulator.requestCount();
    for (const [more, named] of [
      [{ messages: user(bitmap) }, "image/bmp"],
      [
        { messages: [...user("x"), { role: "tool", tool_call_id: "c1", content: pixel }] },
        "messages[1].content",
      ],
      [{ messages: [{ role: "system", content: pixel }, ...user("x")] }, "messages[0].content"],
      [{ messages: [...user("x"), { role: "assistant", content: pixel }] }, "messages[1].content"],
      [{ response_format: { type: "json_object" } }, "response_format"],
      [{ logprobs: true }, "logprobs"],
      [{ seed: 0 }, "seed"],
      [{ verbosity: "low" }, "verbosity"],
      [{ prediction: { type: "content", content: "x" } }, "prediction"],
      [{ logit_bias: { 50256: -100 } }, "logit_bias"],
      [{ reasoning_effort: "extreme" }, "reasoning_effort"],
      [{ something_new: 1 }, "something_new"],
      [{ messages: user(image) }, "messages[0].content[0]"],
      [{ tools: [{ type: "custom", custom: { name: "x" } }] }, "tools[0]"],
    ] as const) {
      const error = await errorOf(await scene.chat({ ...HELLO, model: "west/sim-cheap", ...more }));
      expect(error).toMatchObject({ status: 400, type: "invalid_request_error" });
      expect(error.message).toContain(named);
    }
    expect(scene.simulator.requestCount()).toBe(before);
    const withoutEffect = {
      ...{
        response_format: { type: "text" },
        verbosity: "medium",
        seed: null,
        logprobs: false,
        logit_bias: {},
      },
      ...{ frequency_penalty: 0, n: 1, user: "u", metadata: { a: "b" }, store: true, prompt_cache_key: "k" },
    };
    const answered = await scene.chat({ ...HELLO, ...withoutEffect, model: "west/sim-cheap" });
    expect(answered.status).toBe(200);
  });
});

it("is answered by the first model of the route whose format has all fields of the request", async () => {
  const own = await startTestServer({
    "switchyard.routes": [{ name: "All", models: ["west/sim-balanced", "west/sim-cheap", "east/sim-cheap"] }],
  });
  const response = await own.chat({ ...HELLO, seed: 7 });
  expect(response.headers.get("x-switchyard-model")).toBe("east/sim-cheap");
  expect(own.simulator.requests().map(({ body }) => Object(body).seed)).toEqual([7]);
  await own.close();
});

/** A request with a field of 20,000 nested lists. */
function deep(name: string): string {
  const rest = JSON.stringify(HELLO).slice(1);
  return `{"${name}": ${"[".repeat(20_000)}${"]".repeat(20_000)}, ${rest}`;
}

it("accepts a byte order mark before the body", async () => {
  for (const model of ["east/sim-cheap", "west/sim-cheap"]) {
    const answer = await scene.chat(`\uFEFF${JSON.stringify({ ...HELLO, model })}`);
    expect([answer.status, await answer.json()]).toMatchObject([200, { model }]);
  }
});

describe("an invalid request", () => {
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
    ["lists without a bottom or an end", "[".repeat(1_000_000), "The body is nested more than"],
  ])("is answered with 400 and a message that names the place: %s", async (_, body, expected) => {
    const error = await errorOf(await scene.chat(body));
    expect(error).toMatchObject({ status: 400, type: "invalid_request_error" });
    expect(error.message).toContain(expected);
  });

  it("is answered with 401 in OpenAI's format without the right token", async () => {
    for (const headers of [{}, { authorization: "Bearer wrong" }, { authorization: TOKEN }]) {
      const error = await errorOf(await scene.chat(HELLO, { headers: Object(headers) }));
      expect(error).toMatchObject({ status: 401, type: "authentication_error", code: "invalid_api_key" });
      expect(error.message).not.toContain(TOKEN);
    }
  });

  it("is answered with 403 if it names another host, as after DNS rebinding", async () => {
    const { port } = new URL(scene.server.url);
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

  it("is rejected for another path, another method and a page of another origin", async () => {
    const headers = { authorization: `Bearer ${TOKEN}`, origin: "https://example.com" };
    const unknown = await fetch(`${scene.server.url}/embeddings`, { method: "POST", headers });
    expect(await errorOf(unknown)).toMatchObject({ status: 404, code: "unknown_url" });
    const wrong = await fetch(`${scene.server.url}/chat/completions`, { headers });
    expect(wrong.headers.get("allow")).toBe("POST");
    expect(await errorOf(wrong)).toMatchObject({ status: 405 });
    expect(wrong.headers.has("access-control-allow-origin")).toBe(false);
  });

  it("is answered with 413 before it is parsed if it has so many values that it would block other requests", async () => {
    const body = `{"metadata": [${"[],".repeat(1_000_000)}1], ${JSON.stringify(HELLO).slice(1)}`;
    const error = await errorOf(await scene.chat(body));
    expect(error).toMatchObject({ status: 413, code: "request_too_large" });
    expect(error.message).toContain("250,000 values");
  });

  it("is answered with 413 if it is too large, with and without a length", async () => {
    const large = JSON.stringify({ ...HELLO, padding: "x".repeat(33 * 1024 * 1024) });
    expect(await errorOf(await scene.chat(large))).toMatchObject({ status: 413, code: "request_too_large" });
    const body = new Blob([large]).stream();
    const init = { body, duplex: "half" } as const;
    expect(await errorOf(await scene.chat(large, init))).toMatchObject({ status: 413 });
    expect((await scene.chat(HELLO)).status).toBe(200);
  });
});

describe("a request that no model answers", () => {
  it("is answered with every model and its reason, and a header against immediate retries", async () => {
    scene.simulator.injectFault({ times: "always", fault: { kind: "status", status: 503 } });
    const response = await scene.chat(HELLO);
    expect(response.headers.get("x-should-retry")).toBe("false");
    const error = await errorOf(response);
    expect(error).toMatchObject({ status: 502, type: "server_error", code: "all_models_failed" });
    expect(error.message).toMatch(/east\/sim-cheap: overloaded.*west\/sim-balanced: overloaded/);
  });

  it("is answered with 400 and OpenAI's code if the prompt is too long for every model", async () => {
    const body = { error: { message: "Too long.", code: "context_length_exceeded" } };
    scene.simulator.injectFault({ times: "always", fault: { kind: "status", status: 400, body } });
    const error = await errorOf(await scene.chat({ ...HELLO, model: "east/sim-cheap" }));
    expect(error).toMatchObject({ status: 400, code: "context_length_exceeded" });
  });
});
