import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listen } from "../../../test/support/providers/httpResponse.ts";
import type { ProviderConfig } from "../../models/providerConfig.ts";
import { createProvider } from "../registry/createProvider.ts";
import { createUndiciTransport } from "./transport/undiciTransport.ts";

let answer = "";
let url = "";
const transport = createUndiciTransport();
const server = createServer((_, response) => {
  response.writeHead(200, { "content-type": "application/json" }).end(answer);
});
beforeAll(async () => {
  url = await listen(server);
});
afterAll(async () => {
  await transport.close();
  server.close();
});

const KEY = "the-key-of-this-test";

function listOf(body: string): Promise<readonly string[]> {
  answer = body;
  const config: ProviderConfig = {
    id: "up",
    name: "Up",
    kind: "openai-compatible",
    baseUrl: url,
    local: false,
  };
  return createProvider(config, KEY, transport).listModels(AbortSignal.timeout(10_000));
}

describe("a list of models", () => {
  it.each([
    [
      "under `data`, whose entries need nothing but an id that is a text",
      '{"object": "list", "data": [{"id": "models/gemini-x", "owned_by": "google"}, {"id": "Qwen/Qwen3:free"}, {"id": "~vendor/latest"}, {"id": 7}, {"id": ""}, {"name": "no id"}, null]}',
      ["models/gemini-x", "Qwen/Qwen3:free", "~vendor/latest"],
    ],
    [
      "under `models`, with ids, models or names",
      '{"models": [{"name": "qwen3:30b", "model": "qwen3:30b"}, {"name": "models/gemini-x"}, {"id": "a", "name": "A"}]}',
      ["qwen3:30b", "models/gemini-x", "a"],
    ],
    ["that is the whole response", '[{"id": "bare/one"}, "bare/two"]', ["bare/one", "bare/two"]],
    ["that is empty", '{"data": []}', []],
  ])("is read %s", async (_, body, expected) => {
    expect(await listOf(body)).toEqual(expected);
  });

  it.each([
    ['{"answer": 42}', 'the server sent {"answer":42}'],
    ["<html>Sign in</html>", "the server sent <html>Sign in</html>"],
    [`"${KEY}"`, 'the server sent "[key]"'],
    ["null", "the server sent null"],
    ["", "the response is empty"],
  ])("that cannot be read is a failure that names what came: %s", async (body, came) => {
    const message = `the list of models cannot be read: ${came}`;
    await expect(listOf(body)).rejects.toMatchObject({ record: { kind: "malformed", message } });
  });

  it("that is an error is that error", async () => {
    const error = { message: "No such key.", code: "invalid_api_key" };
    await expect(listOf(JSON.stringify({ error }))).rejects.toMatchObject({
      record: { kind: "auth", message: "No such key." },
    });
  });
});
