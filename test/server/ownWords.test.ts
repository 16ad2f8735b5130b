import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "./testServer.ts";

let scene: TestServer;

beforeAll(async () => {
  scene = await startTestServer({
    "switchyard.routes": [
      { name: "Hard", when: { complexity: ["high"] }, models: ["west/sim-balanced"] },
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

  it("has the length of all texts of the message", async () => {
    expect(await routeOf([user("x".repeat(2001), "rename x")])).toBe("Hard");
  });
});
