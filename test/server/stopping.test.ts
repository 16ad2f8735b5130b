import { once } from "node:events";
import { connect } from "node:net";
import { expect, it } from "vitest";
import { startTestServer, user } from "./testServer.ts";

it("finishes the running answers when it stops, and closes idle connections", async () => {
  const scene = await startTestServer();
  const port = Number(new URL(scene.server.url).port);
  const idle = ["", "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n"].map((said) => {
    const client = connect(port, "127.0.0.1").resume();
    client.write(said);
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
