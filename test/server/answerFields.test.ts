import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listen } from "../support/providers/httpResponse.ts";
import { eventsOf, settingsFor, startTestServer, type TestServer, user } from "./testServer.ts";

let provider: Server;
let scene: TestServer;
/** The chunks of the provider's next answers. */
let chunks: readonly object[] = [];

beforeAll(async () => {
  provider = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const chunk of chunks) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    response.end("data: [DONE]\n\n");
  });
  scene = await startTestServer({
    ...settingsFor("http://127.0.0.1:9"),
    "switchyard.providers": {
      own: { kind: "openai-compatible", baseUrl: `${await listen(provider)}/v1`, apiKeyEnv: "KEY" },
    },
    "switchyard.models": { "own/m": { inputUsdPerMTok: 1, outputUsdPerMTok: 1 } },
    "switchyard.routes": [{ name: "All", models: ["own/m"] }],
  });
});
afterAll(async () => {
  expect(scene.errors).toEqual([]);
  await scene.close();
  provider.close();
});

const HELLO = { model: "auto", messages: user("Hello.") };

function chunk(
  delta: object,
  { choice = {}, answer = {} }: { choice?: object; answer?: object } = {},
): object {
  const choices = [{ index: 0, delta, finish_reason: null, ...choice }];
  return { id: "c1", object: "chat.completion.chunk", model: "m", choices, ...answer };
}

const token = (text: string) => ({ token: text, logprob: -0.1, bytes: null, top_logprobs: [] });
const logprobs = (...texts: string[]) => ({ logprobs: { content: texts.map(token), refusal: null } });
const citation = (url: string) => ({ type: "url_citation", url_citation: { url } });
const USAGE = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 };

/** An answer with every kind of field that other formats do not have. */
const WITH_FIELDS = [
  chunk({ role: "assistant", content: "" }, { answer: { service_tier: null } }),
  chunk({ content: "A" }, { choice: logprobs("A"), answer: { system_fingerprint: "fp_1" } }),
  chunk({ content: "cat", annotations: [citation("https://a.test")] }, { choice: logprobs("c", "at") }),
  chunk(
    { annotations: [citation("https://b.test")] },
    { choice: { finish_reason: "stop", native_finish_reason: "end" }, answer: { service_tier: "default" } },
  ),
  { ...chunk({}), choices: [], usage: USAGE },
];

describe("the fields of an answer that only OpenAI's format has", () => {
  it("are in an answer in one piece", async () => {
    chunks = WITH_FIELDS;
    const answer = await (await scene.chat({ ...HELLO, logprobs: true })).json();
    expect(answer).toMatchObject({
      object: "chat.completion",
      model: "own/m",
      system_fingerprint: "fp_1",
      service_tier: "default",
      usage: USAGE,
    });
    expect(answer.choices).toEqual([
      {
        index: 0,
        finish_reason: "stop",
        native_finish_reason: "end",
        logprobs: { content: [token("A"), token("c"), token("at")] },
        message: {
          role: "assistant",
          content: "Acat",
          refusal: null,
          annotations: [citation("https://a.test"), citation("https://b.test")],
        },
      },
    ]);
  });

  it("are in a stream, once each, also those that come with the finish reason", async () => {
    chunks = WITH_FIELDS;
    const events = (await eventsOf(await scene.chat({ ...HELLO, stream: true }))).slice(0, -1);
    const deltas = events.map((event) => Object(event).choices[0].delta);
    expect(deltas.flatMap(({ annotations = [] }) => annotations)).toEqual([
      citation("https://a.test"),
      citation("https://b.test"),
    ]);
    expect(events.map((event) => Object(event).choices[0].logprobs?.content?.length ?? 0)).toEqual([
      0, 1, 2, 0,
    ]);
    expect(events.at(-1)).toMatchObject({
      model: "own/m",
      service_tier: "default",
      choices: [{ finish_reason: "stop" }],
    });
  });

  it("are left out if they contain the key", async () => {
    chunks = [
      chunk({ content: "A" }, { answer: { system_fingerprint: scene.simulator.key } }),
      chunk({ annotations: [citation("https://a.test")] }, { choice: { finish_reason: "stop" } }),
    ];
    const body = await (await scene.chat(HELLO)).text();
    expect(body).not.toContain(scene.simulator.key);
    expect(body).toContain("https://a.test");
  });
});

describe("a model's own refusal", () => {
  const REFUSAL = [
    chunk({ role: "assistant", content: null, refusal: "" }),
    chunk({ refusal: "I cannot " }),
    chunk({ refusal: "do that." }),
    chunk({}, { choice: { finish_reason: "stop" } }),
    { ...chunk({}), choices: [], usage: USAGE },
  ];

  it("is an answer in one piece", async () => {
    chunks = REFUSAL;
    const response = await scene.chat(HELLO);
    expect(response.status).toBe(200);
    expect((await response.json()).choices[0]).toMatchObject({
      finish_reason: "stop",
      message: { role: "assistant", content: null, refusal: "I cannot do that." },
    });
    expect((await scene.newestDecision())?.summary).toMatchObject({
      ending: { kind: "complete" },
      usage: { outputTokens: 2 },
    });
  });

  it("is an answer in a stream", async () => {
    chunks = REFUSAL;
    const events = await eventsOf(await scene.chat({ ...HELLO, stream: true }));
    const deltas = events.slice(0, -1).map((event) => Object(event).choices[0].delta);
    expect(deltas.map(({ refusal = "" }) => refusal).join("")).toBe("I cannot do that.");
    expect(deltas[0]).toMatchObject({ role: "assistant" });
    expect(events.at(-1)).toBe("[DONE]");
  });
});
