import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "./testServer.ts";

let scene: TestServer;

beforeAll(async () => {
  scene = await startTestServer({
    "switchyard.routes": [
      { name: "Hard", when: { complexity: ["high"] }, models: ["west/sim-balanced", "east/sim-cheap"] },
      { name: "All", models: ["east/sim-cheap"] },
    ],
  });
});
afterAll(() => scene.close());

async function routeOf(messages: readonly object[]): Promise<string | null> {
  const response = await scene.chat({ model: "auto", messages });
  await response.text();
  return response.headers.get("x-switchyard-route");
}

const text = (content: string) => ({ type: "text", text: content });
const user = (...texts: readonly string[]) => ({ role: "user", content: texts.map(text) });

const TOOLS = [{ type: "function", function: { name: "look", parameters: { type: "object" } } }];

/** Sends messages, and returns the model that answers and its tool calls. */
async function ask(messages: readonly object[], model = "auto") {
  const response = await scene.chat({ model, messages, tools: TOOLS });
  const { choices } = await response.json();
  const { message } = choices[0];
  return { model: response.headers.get("x-switchyard-model"), message };
}

const resultOf = (message: { tool_calls: { id: string }[] }, content: string) =>
  message.tool_calls.map(({ id }) => ({ role: "tool", tool_call_id: id, content }));

describe("the result of a tool", () => {
  it("goes to the model that called it, without being classified", async () => {
    scene.simulator.injectFault({ model: "sim-balanced", fault: { kind: "status", status: 500 } });
    scene.simulator.injectFault({ model: "sim-balanced", fault: { kind: "status", status: 500 } });
    const prompt = { role: "user", content: "Analyze. [call: look {}]" };
    const first = await ask([prompt]);
    expect(first.model).toBe("east/sim-cheap");
    const messages = [prompt, first.message, ...resultOf(first.message, "Compare")];
    expect(await ask(messages)).toMatchObject({ model: "east/sim-cheap" });
    const { decision } = (await scene.newestDecision()) ?? {};
    expect(decision).toMatchObject({
      followUp: true,
      route: { name: "Hard" },
      features: { toolLoop: true, complexity: { level: "high" } },
    });
    expect(await ask([prompt])).toMatchObject({ model: "west/sim-balanced" });
  });

  it("keeps the model of a route that the client names, and not that of another conversation", async () => {
    const prompt = { role: "user", content: "[call: look {}]" };
    const first = await ask([prompt], "Hard");
    const messages = [prompt, first.message, ...resultOf(first.message, "a")];
    expect(await ask(messages, "Hard")).toMatchObject({ model: "west/sim-balanced" });
    const other = { role: "user", content: "rename it" };
    expect(await ask([other, ...messages.slice(1)])).toMatchObject({ model: "east/sim-cheap" });
  });
});

describe("what a request is routed by", () => {
  it("is the last text of the user, without reminders and files in texts of their own", async () => {
    const reminder = "<system-reminder>\nCompare all of it.\n</system-reminder>";
    const file = '<file path="a.ts">\ncreate();\n</file>';
    expect(await routeOf([user("Analyze", "rename x")])).toBe("All");
    expect(await routeOf([user("rename x", "Analyze it")])).toBe("Hard");
    expect(await routeOf([user(file, "Analyze it", reminder)])).toBe("Hard");
    expect(await routeOf([user(file, "rename x", reminder)])).toBe("All");
    expect(await routeOf([user(`${reminder}\nrename x\n${file}`)])).toBe("All");
    expect(await routeOf([{ role: "user", content: `${file}\nrename x` }])).toBe("All");
    expect(await routeOf([user("rename x"), { role: "assistant", content: "Compare" }])).toBe("All");
  });

  it("holds the complexity of the user's earlier messages", async () => {
    const answer = { role: "assistant", content: "Done." };
    const complaint = user("that still fails on Windows");
    expect(await routeOf([user("Compare both"), answer, complaint])).toBe("Hard");
    expect(await routeOf([user("rename x"), { ...answer, content: "Compare" }, complaint])).toBe("All");
    const { decision } = (await scene.newestDecision()) ?? {};
    expect(decision?.held).toBeUndefined();
  });

  it("has the length of all texts of the message", async () => {
    expect(await routeOf([user("x".repeat(2001), "rename x")])).toBe("Hard");
  });
});
