import { OpenAI } from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { eventsOf, startTestServer, type TestServer, TOKEN, user } from "./testServer.ts";

let scene: TestServer;

beforeAll(async () => {
  scene = await startTestServer({
    "switchyard.routes": [
      {
        name: "Other provider",
        when: { commands: ["never"] },
        models: ["east/sim-cheap", "west/sim-balanced"],
      },
      {
        name: "Same provider",
        when: { commands: ["never"] },
        models: ["east/sim-cheap", "east/sim-balanced"],
      },
      {
        name: "Other format",
        when: { commands: ["never"] },
        models: ["west/sim-cheap", "east/sim-balanced"],
      },
    ],
  });
});
afterAll(async () => {
  expect(scene.errors).toEqual([]);
  await scene.close();
});

const QUESTION = "Why is the sky blue?";

/** The simulator's complete answer to the question. */
async function wholeText(): Promise<string> {
  const answer = await (await scene.chat({ model: "east/sim-balanced", messages: user(QUESTION) })).json();
  return answer.choices[0].message.content;
}

describe.each(["Other provider", "Same provider", "Other format"])(
  "a broken stream that the next model resumes: %s",
  (model) => {
    let whole = "";
    beforeEach(async () => {
      whole = await wholeText();
      scene.simulator.clear();
      scene.simulator.injectFault({
        model: "sim-cheap",
        fault: { kind: "cut", afterTokens: 30, how: "reset" },
      });
    });

    it("is one stream for its client, with one id, one role, one text and one end", async () => {
      const response = await scene.chat({ model, stream: true, messages: user(QUESTION) });
      const events = await eventsOf(response);
      expect(events.at(-1)).toBe("[DONE]");
      const chunks = events.slice(0, -1).map((event) => Object(event));
      const choices = chunks.map(({ choices: [choice] }) => choice);
      expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
      expect(choices.filter(({ delta }) => "role" in delta)).toHaveLength(1);
      expect(choices[0].delta.role).toBe("assistant");
      expect(choices.map(({ delta }) => delta.content ?? "").join("")).toBe(whole);
      const reasons = choices.map(({ finish_reason }) => finish_reason);
      expect(reasons.filter((reason) => reason !== null)).toEqual(["stop"]);
      expect(reasons.at(-1)).toBe("stop");

      const newest = await scene.newestDecision();
      expect(newest?.summary).toMatchObject({ ending: { kind: "complete" }, fallbackCount: 1 });
      expect(newest?.summary?.handoffs).toHaveLength(1);
      // Each chunk names its model.
      const [from, by] = [newest?.summary?.handoffs?.[0]?.from, newest?.summary?.modelUsed];
      const models = chunks.map((chunk) => chunk.model);
      expect([...new Set(models)]).toEqual([from, by]);
    });

    it("is read completely by OpenAI's own client", async () => {
      const client = new OpenAI({ apiKey: TOKEN, baseURL: scene.server.url, maxRetries: 0 });
      const stream = client.chat.completions.stream({
        model,
        messages: [{ role: "user", content: QUESTION }],
      });
      const answer = await stream.finalChatCompletion();
      expect(answer.choices[0]).toMatchObject({
        finish_reason: "stop",
        message: { role: "assistant", content: whole },
      });
    });
  },
);
