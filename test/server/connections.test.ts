import { once } from "node:events";
import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { afterEach, expect, it } from "vitest";
import { settingsFor, startTestServer, type TestServer, TOKEN, user } from "./testServer.ts";

const opened: { readonly scene: TestServer; readonly provider: Server }[] = [];

afterEach(async () => {
  for (const { scene, provider } of opened.splice(0)) {
    await scene.close();
    provider.close();
  }
});

/** A server with a budget and one model, `own/model`, whose provider answers with this function. */
async function sceneOf(answer: RequestListener): Promise<TestServer> {
  const provider = createServer((request, response) => answer(request.resume(), response));
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  const address = provider.address();
  const port = typeof address === "object" ? address?.port : 0;
  const scene = await startTestServer({
    ...settingsFor("http://127.0.0.1:9"),
    "switchyard.budget.dailyUsd": 100,
    "switchyard.providers": {
      own: { kind: "openai-compatible", baseUrl: `http://127.0.0.1:${port}/v1`, apiKeyEnv: "KEY" },
    },
    "switchyard.models": {
      "own/model": { inputUsdPerMTok: 1, outputUsdPerMTok: 1, capabilities: ["tools"] },
    },
    "switchyard.routes": [{ name: "All", models: ["own/model"] }],
  });
  opened.push({ scene, provider });
  return scene;
}

/** A client that requests a stream over its own socket. */
async function requestStream({ server }: TestServer): Promise<Socket> {
  const body = JSON.stringify({ model: "own/model", stream: true, messages: user("Hello.") });
  const client = connect(Number(new URL(server.url).port), "127.0.0.1");
  client.write(
    `POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${TOKEN}\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body}`,
  );
  return client;
}

function writeChunk(response: ServerResponse, delta: object, finish: string | null = null): void {
  const chunk = { id: "1", model: "model", choices: [{ index: 0, delta, finish_reason: finish }] };
  response.write(`data: ${JSON.stringify(chunk)}\n\n`);
}

it("releases the reservation of a client that disconnects between large tool calls, and stops", async () => {
  const large = JSON.stringify({ text: "y".repeat(3_000_000) });
  const scene = await sceneOf((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const index of [0, 1, 2, 3]) {
      const call = {
        index,
        id: `call-${index}`,
        type: "function",
        function: { name: "write", arguments: large },
      };
      writeChunk(response, { tool_calls: [call] });
    }
    writeChunk(response, {}, "tool_calls");
    response.end("data: [DONE]\n\n");
  });
  const client = await requestStream(scene);
  // It reads only the beginning, so the rest has to wait.
  await once(client, "data");
  client.destroy();
  // The provider's answer had arrived completely.
  await expect
    .poll(async () => (await scene.newestDecision())?.summary?.ending)
    .toEqual({ kind: "complete" });
  expect((await scene.ledger.budget.today()).reservedNanoUsd).toBe(0);
  await scene.server.stop();
});

it("finishes the running answers when it stops, and closes idle connections", async () => {
  const scene = await startTestServer();
  const port = Number(new URL(scene.server.url).port);
  const idle = ["", "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n"].map((request) => {
    const client = connect(port, "127.0.0.1").resume();
    client.write(request);
    return client;
  });
  await Promise.all(idle.map((client) => once(client, "connect")));
  const response = await scene.chat({ model: "auto", stream: true, messages: user("Hi. [tokens: 20000]") });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = (await reader?.read())?.value ?? "";
  const stopped = scene.server.stop();
  await Promise.all(idle.map((client) => client.destroyed || once(client, "close")));
  for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) text += next.value;
  expect(text.trimEnd().endsWith("data: [DONE]")).toBe(true);
  await stopped;
  await scene.close();
});

it("ends an answer that still runs when the time to stop is over", async () => {
  const scene = await sceneOf((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    writeChunk(response, { content: "The beginning of an answer without an end." });
  });
  const client = await requestStream(scene);
  await once(client, "data");
  client.pause();
  await scene.server.stop(1);
  expect((await scene.newestDecision())?.summary?.ending).toEqual({ kind: "stopped" });
  expect((await scene.ledger.budget.today()).reservedNanoUsd).toBe(0);
  client.destroy();
});
