import { readdir, readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { inspect } from "node:util";
import fc from "fast-check";
import { expect, it } from "vitest";
import { startTestServer, user } from "../../server/testServer.ts";
import { KEY_SHAPES, shownPieces, someKey } from "../../support/providers/keyShapes.ts";
import { hostileServer } from "./hostileServer.ts";

type Leak = (response: ServerResponse, shown: string, requestId: Record<string, string>) => void;

const sse = (...events: readonly unknown[]): string =>
  events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
const asJson = (status: number, body: (shown: string) => unknown): Leak => {
  return (response, shown, requestId) =>
    response
      .writeHead(status, { ...requestId, "content-type": "application/json" })
      .end(JSON.stringify(body(shown)));
};
const asStream = (events: (shown: string) => readonly unknown[]): Leak => {
  return (response, shown, requestId) =>
    response.writeHead(200, { ...requestId, "content-type": "text/event-stream" }).end(sse(...events(shown)));
};
const chunk = (delta: object, finish: string | null = null, more: object = {}) => ({
  ...more,
  choices: [{ index: 0, delta, finish_reason: finish }],
});

/** Every place where a provider can show a key, apart from the answer's own text. */
const OPENAI: Readonly<Record<string, Leak>> = {
  "an error": asJson(400, (shown) => ({
    error: { message: `Bad: ${shown}.`, code: shown, type: shown, param: shown },
  })),
  "an error in an error": asJson(422, (shown) => ({
    error: { message: JSON.stringify({ error: { message: shown, code: shown } }), metadata: { raw: shown } },
  })),
  "details of an error": asJson(422, (shown) => ({ detail: [{ msg: shown, input: shown }] })),
  "a text instead of an error": (response, shown, requestId) =>
    response.writeHead(503, { ...requestId, "content-type": "text/plain" }).end(shown),
  "a redirect": (response, shown, requestId) =>
    response
      .writeHead(307, { ...requestId, location: `https://x.example/?key=${encodeURIComponent(shown)}` })
      .end(),
  "an error with status 200": asJson(200, (shown) => ({ error: { message: shown, code: shown } })),
  "an error after a text": asStream((shown) => [
    chunk({ content: "Well." }),
    { error: { message: shown, code: shown, type: shown } },
  ]),
  "the fields around a text": asStream((shown) => {
    const fields = { id: shown, model: shown, system_fingerprint: shown, provider: { name: shown } };
    return [
      chunk({ role: "assistant" }, null, fields),
      chunk({ content: "Well." }, null, fields),
      chunk({ content: " Yes." }, null, fields),
      chunk({}, "stop", { ...fields, usage: { prompt_tokens: 9, completion_tokens: 2, note: shown } }),
    ];
  }),
  "an answer in one piece": asJson(200, (shown) => ({
    ...{ id: shown, model: shown, system_fingerprint: shown, service_tier: shown, provider: { name: shown } },
    choices: [
      {
        finish_reason: "stop",
        native_finish_reason: shown,
        message: { role: "assistant", content: "Well.", annotations: [{ note: shown }] },
      },
    ],
    usage: { prompt_tokens: 9, completion_tokens: 2, note: shown },
  })),
  "a tool call": asStream((shown) => [
    chunk({
      tool_calls: [
        { index: 0, id: shown, extra_content: { google: shown }, function: { name: "f", arguments: "{}" } },
      ],
    }),
    chunk({}, "tool_calls", { model: shown }),
  ]),
  "a finish reason": asStream((shown) => [chunk({ content: "Well." }), chunk({}, shown)]),
  "a refusal": asStream((shown) => [chunk({ refusal: `No. ${shown}` }), chunk({}, "stop")]),
};

const ANTHROPIC: Readonly<Record<string, Leak>> = {
  "an error": asJson(400, (shown) => ({
    type: "error",
    error: { type: shown, message: shown, details: { error_code: shown } },
    request_id: shown,
  })),
  "an error event": asStream((shown) => [
    { type: "message_start", message: { id: shown, model: shown, usage: { input_tokens: 9 } } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Well." } },
    { type: "error", error: { type: shown, message: shown } },
  ]),
  "a refusal": asStream((shown) => [
    {
      type: "message_delta",
      delta: { stop_reason: "refusal", stop_details: { category: shown, explanation: shown } },
      usage: { output_tokens: 1 },
    },
    { type: "message_stop" },
  ]),
};

const LEAKS = [
  ...Object.values(OPENAI).map((leak) => ({ kind: "openai-compatible", leak }) as const),
  ...Object.values(ANTHROPIC).map((leak) => ({ kind: "anthropic", leak }) as const),
];

it("shows a provider's key neither to the client nor in the ledger or the log, whatever the provider returns", async () => {
  const shapes = fc.shuffledSubarray(Object.values(KEY_SHAPES), { minLength: 6, maxLength: 6 });
  const samples = fc.sample(shapes, LEAKS.length);
  const cases = LEAKS.flatMap((leak, at) => (samples[at] ?? []).map((shape) => ({ ...leak, shape })));
  const keys = fc.sample(someKey, cases.length);
  const shownAt = (index: number): string => cases[index]?.shape(keys[index] ?? "", index) ?? "";
  const provider = await hostileServer((response, request) => {
    const index = Number(/^\/(\d+)\//.exec(request.url ?? "")?.[1]);
    const shown = shownAt(index);
    if (request.method === "GET") {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ data: [{ id: shown }, { id: `listed-${index}` }] }));
    } else {
      // Other characters cannot be in a header.
      cases[index]?.leak(response, shown, { "x-request-id": shown.replaceAll(/[^\x20-\x7e]/g, " ") });
    }
  });
  const ids = cases.map((_, index) => `p${index}`);
  const scene = await startTestServer(
    {
      "switchyard.providers": Object.fromEntries(
        cases.map(({ kind }, index) => [
          ids[index],
          { kind, baseUrl: `${provider.origin}/${index}/v1`, apiKeyEnv: `KEY_${index}`, local: true },
        ]),
      ),
      "switchyard.routes": [],
    },
    Object.fromEntries(keys.map((key, index) => [`KEY_${index}`, key])),
  );
  try {
    const seen: string[] = [];
    for (const [index, key] of keys.entries()) {
      for (const stream of [true, false]) {
        const response = await scene.chat({ model: `p${index}/m`, messages: user("Hello."), stream });
        const body = await response.text();
        const text = `${JSON.stringify([...response.headers])}${body}`;
        expect(shownPieces(text, [key]), `${shownAt(index)} in ${text}`).toEqual([]);
        seen.push(text);
      }
    }
    let list = "";
    const readList = async () => {
      const headers = { authorization: "Bearer the-token-of-this-test" };
      list = await (await fetch(`${scene.server.url}/models`, { headers })).text();
      return list;
    };
    // A busy machine may not list all of these providers in the time for it. They are listed again later.
    await expect.poll(readList, { timeout: 100_000, interval: 500 }).toContain("listed-0");
    expect(shownPieces(list + inspect(scene.errors, { depth: 9 }), keys)).toEqual([]);
    // The providers were asked, and what they returned was shown.
    expect(seen.join("")).toContain("[key]");
    expect(provider.requests.length).toBeGreaterThanOrEqual(2 * keys.length);
    for (const file of await readdir(scene.folder)) {
      const bytes = await readFile(join(scene.folder, file));
      expect(shownPieces(bytes.toString("latin1"), keys), file).toEqual([]);
    }
  } finally {
    await scene.close();
    await provider.close();
  }
});
