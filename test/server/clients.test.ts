import { OpenAI } from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventsOf, startTestServer, type TestServer, TOKEN, user } from "./testServer.ts";

let scene: TestServer;

beforeAll(async () => {
  scene = await startTestServer({ "switchyard.maxOutputTokens": 128_000 });
});
afterAll(async () => {
  expect(scene.errors).toEqual([]);
  await scene.close();
});

/** The longest answer of the simulator: 30 MB. */
const LONG = { messages: user("Hello. [tokens: 128000]"), max_tokens: 128_000 };

/** Starts a stream and waits for its first text. */
async function begin(model: string) {
  const aborter = new AbortController();
  const body = JSON.stringify({ ...LONG, model, stream: true });
  const headers = { authorization: `Bearer ${TOKEN}` };
  const response = await fetch(`${scene.server.url}/chat/completions`, {
    method: "POST",
    headers,
    body,
    signal: aborter.signal,
  });
  const reader = response.body?.getReader();
  await reader?.read();
  return { aborter, reader };
}

describe("a client that disconnects", () => {
  it("cancels its own provider's stream, and no other", async () => {
    const whole = Array.from({ length: 4 }, async () =>
      eventsOf(await scene.chat({ model: "auto", stream: true, messages: user("Hi. [tokens: 3000]") })),
    );
    const models = ["east/sim-cheap", "west/sim-cheap"];
    const left = Array.from({ length: 10 }, async (_, at) => {
      const { aborter } = await begin(models[at % 2] ?? "");
      aborter.abort();
    });
    await Promise.all(left);
    const closed = await Promise.all(left.map(() => scene.simulator.nextClosedByClient()));
    expect(closed.map(({ model }) => model)).toEqual(left.map(() => "sim-cheap"));
    for (const events of await Promise.all(whole)) {
      expect(events.at(-1)).toBe("[DONE]");
      expect(events.length).toBeGreaterThan(3000);
    }
  });

  it("is charged an estimate of what was streamed, and nothing stays reserved", async () => {
    const { aborter } = await begin("west/sim-balanced");
    aborter.abort();
    await scene.simulator.nextClosedByClient();
    await expect
      .poll(async () => (await scene.newestDecision())?.summary)
      .toMatchObject({ ending: { kind: "stopped" }, cost: { kind: "estimated" } });
    await expect.poll(async () => (await scene.ledger.budget.today()).reservedNanoUsd).toBe(0);
  });

  it("sends no request to a provider if its body is incomplete", async () => {
    const before = scene.simulator.requestCount();
    const aborter = new AbortController();
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"model": "auto",')),
      pull: () => aborter.abort(),
    });
    const init = { body, duplex: "half", signal: aborter.signal } as const;
    await expect(scene.chat("", init)).rejects.toThrow();
    expect((await scene.chat({ model: "auto", messages: user("Hi. [tokens: 1]") })).status).toBe(200);
    expect(scene.simulator.requestCount()).toBe(before + 1);
  });
});

describe("a client that reads slowly", () => {
  it("slows down the provider, and its unread text is not buffered", async () => {
    const { aborter, reader } = await begin("east/sim-cheap");
    const request = scene.simulator.requests().at(-1);
    const startedBytes = process.memoryUsage().arrayBuffers;
    for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(process.memoryUsage().arrayBuffers - startedBytes).toBeLessThan(12_000_000);
    const now = scene.simulator.requests().find(({ number }) => number === request?.number);
    expect(now?.outcome).toBe("answering");
    await reader?.read();
    aborter.abort();
    await scene.simulator.nextClosedByClient();
  });
});

describe("OpenAI's own client", () => {
  const client = () => new OpenAI({ apiKey: TOKEN, baseURL: scene.server.url });

  it("reads an answer in one piece", async () => {
    const answer = await client().chat.completions.create({
      model: "auto",
      messages: [{ role: "user", content: "Hello. [tokens: 4]" }],
    });
    expect(answer.choices[0]?.message.content).toContain("Simulated answer");
    expect(answer.usage?.completion_tokens).toBe(4);
    expect(answer.model).toBe("east/sim-cheap");
  });

  it("reads a stream to its end, with its usage", async () => {
    const stream = client().chat.completions.stream({
      model: "west/sim-cheap",
      stream_options: { include_usage: true },
      messages: [{ role: "user", content: "Hello. [tokens: 40]" }],
    });
    const whole = await stream.finalChatCompletion();
    expect(whole.choices[0]).toMatchObject({ finish_reason: "stop", message: { role: "assistant" } });
    expect(whole.usage?.completion_tokens).toBe(40);
  });

  it("receives a tool call and sends its result", async () => {
    const tools = [{ type: "function", function: { name: "look", parameters: { type: "object" } } }] as const;
    for (const model of ["east/sim-cheap", "west/sim-cheap"]) {
      const question = { role: "user", content: '[call: look {"at": 1}]' } as const;
      const stream = client().chat.completions.stream({ model, tools: [...tools], messages: [question] });
      const { message } = (await stream.finalChatCompletion()).choices[0] ?? {};
      const call = message?.tool_calls?.[0];
      if (message === undefined || call === undefined) throw new Error("There is no tool call.");
      const answer = await client().chat.completions.create({
        model,
        tools: [...tools],
        messages: [
          { role: "user", content: "What is there? [tokens: 3]" },
          message,
          { role: "tool", tool_call_id: call.id, content: "A cat." },
        ],
      });
      expect(answer.choices[0]?.finish_reason).toBe("stop");
    }
  });

  it("throws the error of a broken stream after its text", async () => {
    scene.simulator.injectFault({ times: "always", fault: { kind: "cut", afterTokens: 3, how: "reset" } });
    const stream = await client().chat.completions.create({
      model: "east/sim-cheap",
      stream: true,
      messages: [{ role: "user", content: "Why?" }],
    });
    let text = "";
    const read = async () => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    };
    await expect(read()).rejects.toThrow("No model completed an answer");
    expect(text).toContain("Simulated");
    scene.simulator.clear();
  });

  it("lists the models", async () => {
    const ids: string[] = [];
    for await (const { id } of client().models.list()) ids.push(id);
    expect(ids).toContain("auto");
  });

  it("completes twelve requests at the same time", async () => {
    const one = client();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        one.chat.completions
          .stream({ model: "auto", messages: [{ role: "user", content: `Number ${at}. [tokens: 300]` }] })
          .finalChatCompletion(),
      ),
    );
    for (const [at, answer] of answers.entries()) {
      expect(answer.choices[0]?.message.content).toContain(`Number ${at}.`);
    }
  });
});

describe("the history of a request", () => {
  it("contains the decision and its source, and no text", async () => {
    await (await scene.chat({ model: "auto", messages: user("A secret word. [tokens: 1]") })).text();
    const newest = await scene.newestDecision();
    expect(newest).toMatchObject({
      decision: { attributes: { source: "endpoint" }, route: { name: "All" } },
      summary: { ending: { kind: "complete" }, modelUsed: "east/sim-cheap" },
    });
    expect(JSON.stringify(newest)).not.toContain("secret");
  });

  it("contains the user's text if the settings keep it", async () => {
    const keeping = await startTestServer({ "switchyard.history.keepText": true });
    try {
      const messages = [{ role: "system", content: "Be brief." }, ...user("My words. [tokens: 1]")];
      await (await keeping.chat({ model: "auto", messages })).text();
      const newest = await keeping.newestDecision();
      expect(newest?.promptText).toBe("My words. [tokens: 1]");
    } finally {
      await keeping.close();
    }
  });
});

describe("a spent budget", () => {
  it("is answered with 402, the rest and the choices, and no model is called", async () => {
    const poor = await startTestServer({
      "switchyard.budget.dailyUsd": 0.000001,
      "switchyard.budget.whenExceeded": "stop",
    });
    try {
      for (const stream of [false, true]) {
        const response = await poor.chat({ model: "auto", stream, messages: user("Hello.") });
        expect(response.status).toBe(402);
        const { error } = await response.json();
        expect(error).toMatchObject({ type: "insufficient_quota", code: "budget_exceeded" });
        expect(error.message).toContain("over the daily budget");
        expect(error.message).toContain("switchyard.budget.dailyUsd");
      }
      expect(poor.simulator.requestCount()).toBe(0);
    } finally {
      await poor.close();
    }
  });
});
