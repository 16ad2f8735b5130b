import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { ASK, collectEvents } from "../../../test/support/providers/collectProviderEvents.ts";
import { FULL_ASK } from "../../../test/support/providers/fullAsk.ts";
import { listen } from "../../../test/support/providers/httpResponse.ts";
import type { Ask } from "../../contract/provider/ask.ts";
import type { ProviderConfig } from "../../models/providerConfig.ts";
import { nodeTransport } from "../http/transport/nodeTransport.ts";
import { createProvider } from "../registry/createProvider.ts";
import { openaiBodyText } from "./openaiRequest.ts";

type Body = Readonly<Record<string, unknown>>;

const OPENAI: ProviderConfig = { id: "o", name: "O", kind: "openai", local: false };

function serverAt(baseUrl: string): ProviderConfig {
  return { ...OPENAI, kind: "openai-compatible", baseUrl };
}
const SERVER = serverAt("http://127.0.0.1:1/v1");

/** What a server gets for a client's body. */
function sentFor(body: Body, config: ProviderConfig, more: Partial<Ask> = {}): Record<string, unknown> {
  const wire = { format: "openai", body, text: JSON.stringify(body) } as const;
  return JSON.parse(openaiBodyText({ ...FULL_ASK, ...more, wire }, config));
}

function messagesFor(messages: readonly Body[], config: ProviderConfig, more: Partial<Ask> = {}): unknown {
  return sentFor({ model: "auto", messages }, config, more)["messages"];
}

const call = (id: string): Body => ({
  id,
  type: "function",
  function: { name: "look", arguments: "{}" },
  extra_content: { signature: "s" },
});
const assistant = (id: string, more: Body = {}): Body => ({
  role: "assistant",
  content: null,
  tool_calls: [call(id)],
  ...more,
});
const result = (id: string): Body => ({ role: "tool", tool_call_id: id, content: "A cat." });

describe("a client's messages", () => {
  it("are sent as they are if the server accepts them", () => {
    const messages = [
      { role: "system", content: "Be brief.", name: "x" },
      assistant("functions.look:0", { reasoning_content: "Hm.", unknown: [1] }),
      result("functions.look:0"),
      { role: "user", content: [{ type: "image_url", image_url: { url: "data:image/png;base64,QUJD" } }] },
    ];
    expect(messagesFor(messages, SERVER)).toEqual(messages);
  });

  it("have the role `developer` only for OpenAI, and `system` for every other server", () => {
    const messages = [{ role: "developer", content: "Be brief." }];
    expect(messagesFor(messages, OPENAI)).toEqual(messages);
    expect(messagesFor(messages, SERVER)).toEqual([{ role: "system", content: "Be brief." }]);
  });

  it.each([
    ["Mistral, by its address", serverAt("https://api.mistral.ai/v1"), "m", /^[a-zA-Z0-9]{9}$/],
    ["Mistral's models elsewhere", SERVER, "devstral-small:24b", /^[a-zA-Z0-9]{9}$/],
    ["OpenAI", OPENAI, "m", /^.{1,40}$/],
  ])(
    "have ids of tool calls that the server accepts, the same for call and result: %s",
    (_, config, model, accepted) => {
      const ids = ["abcDEF123", `call_${"x".repeat(50)}1`, `call_${"x".repeat(50)}2`];
      const messages = ids.flatMap((id) => [assistant(id), result(id)]);
      const sent = JSON.stringify(messagesFor(messages, config, { model }));
      const idsAt = (name: string) =>
        [...sent.matchAll(new RegExp(`"${name}":"([^"]*)"`, "g"))].map(([, id]) => id);
      expect(idsAt("id")).toEqual(idsAt("tool_call_id"));
      expect(new Set(idsAt("id")).size).toBe(3);
      expect(idsAt("id")[0]).toBe("abcDEF123");
      for (const id of idsAt("id")) expect(id).toMatch(accepted);
      expect(sent.split('"extra_content":{"signature":"s"}')).toHaveLength(4);
    },
  );

  it("name an image's type by its registered name", () => {
    const image = (url: string) => [
      { role: "user", content: [{ type: "image_url", image_url: { url, detail: "low" } }] },
    ];
    expect(messagesFor(image("data:image/jpg;base64,QUJD"), SERVER)).toEqual(
      image("data:image/jpeg;base64,QUJD"),
    );
    const elsewhere = image("https://example.com/image/jpg;base64,x");
    expect(messagesFor(elsewhere, SERVER)).toEqual(elsewhere);
  });

  it("carry no reasoning to servers that reject it", () => {
    const reasoned = assistant("c1", { reasoning_content: "Hm.", reasoning: "Hm." });
    for (const config of [OPENAI, serverAt("https://api.mistral.ai/v1")]) {
      expect(JSON.stringify(messagesFor([reasoned], config))).not.toContain("Hm.");
    }
    expect(messagesFor([reasoned], serverAt("https://api.groq.com/openai/v1"))).toEqual([
      assistant("c1", { reasoning: "Hm." }),
    ]);
  });
});

it("a choice of tools without tools is not sent", () => {
  const body = {
    model: "auto",
    messages: [],
    tools: [],
    tool_choice: "auto",
    parallel_tool_calls: true,
    functions: [],
    seed: 1,
  };
  expect(Object.keys(sentFor(body, SERVER)).sort()).toEqual([
    "max_tokens",
    "messages",
    "model",
    "seed",
    "stream",
    "stream_options",
  ]);
  const tools = [{ type: "function", function: { name: "look" } }];
  expect(sentFor({ ...body, tools }, SERVER)).toMatchObject({ tools, tool_choice: "auto" });
});

describe("the reasoning before a tool call", () => {
  /** A provider whose address is DeepSeek's, over a server that answers with reasoning and a tool call. */
  async function conversation(): Promise<{
    readonly ask: (messages: readonly Body[]) => Promise<unknown>;
    readonly close: () => void;
  }> {
    const bodies: Body[] = [];
    const server = createServer(async (request, response) => {
      bodies.push(JSON.parse(await text(request)));
      const chunk = (delta: Body, finish: string | null = null) =>
        `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(chunk({ reasoning_content: "I should " }) + chunk({ reasoning_content: "look." }));
      response.end(
        `${chunk({ tool_calls: [{ index: 0, ...call("c1") }] })}${chunk({}, "tool_calls")}data: [DONE]\n\n`,
      );
    });
    const url = await listen(server);
    const deepseek = serverAt("https://api.deepseek.com/v1");
    const provider = createProvider(deepseek, "key", {
      send: (request, handler) =>
        nodeTransport.send(
          { ...request, url: request.url.replace("https://api.deepseek.com", url) },
          handler,
        ),
    });
    return {
      async ask(messages) {
        const wire = { format: "openai", body: { model: "auto", messages } } as const;
        await collectEvents(provider, { ask: { ...ASK, wire } });
        return bodies.at(-1)?.["messages"];
      },
      close: () => server.close(),
    };
  }

  it("is sent back to a server that needs it, also if the client does not send it", async () => {
    const { ask, close } = await conversation();
    const question = { role: "user", content: "What is this?" };
    await ask([question]);
    const own = assistant("c0", { reasoning_content: "My own." });
    expect(await ask([question, own, result("c0"), assistant("c1"), result("c1"), assistant("c2")])).toEqual([
      question,
      own,
      result("c0"),
      assistant("c1", { reasoning_content: "I should look." }),
      result("c1"),
      // It comes from another model, whose reasoning is not known.
      assistant("c2", { reasoning_content: " " }),
    ]);
    close();
  });
});
