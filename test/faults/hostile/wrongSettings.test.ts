import { expect, it } from "vitest";
import { startTestServer, user } from "../../server/testServer.ts";
import { hostileServer } from "./hostileServer.ts";

const MODEL = "openai/gpt-6-luna";
const ENVIRONMENT = { OPENAI_API_KEY: "sk-proj-0123456789abcdef" };

/** Asks a server with these providers, of which `openai` has a proxy's address. */
async function askThroughProxy(entry: (address: string) => object) {
  const proxy = await hostileServer((response) => void response.writeHead(500).end());
  const scene = await startTestServer(
    { "switchyard.providers": { openai: entry(`${proxy.origin}/v1`) }, "switchyard.routes": [] },
    ENVIRONMENT,
  );
  try {
    const response = await scene.chat({ model: MODEL, messages: user("Hello.") });
    const { error } = await response.json();
    const decision = await scene.newestDecision();
    return {
      status: response.status,
      error,
      attempts: decision?.summary?.attempts.length,
      skipped: decision?.decision.skipped,
      requests: proxy.requests.map(({ authorization }) => authorization),
    };
  } finally {
    await scene.close();
    await proxy.close();
  }
}

it("sends a prompt to the address of a provider with an unknown field, and nowhere else", async () => {
  const asked = await askThroughProxy((baseUrl) => ({ baseUrl, timeoutMs: 5000 }));
  expect(asked.error.message).toContain(`${MODEL}: overloaded (500)`);
  expect(new Set(asked.requests)).toEqual(new Set([`Bearer ${ENVIRONMENT.OPENAI_API_KEY}`]));
  expect(asked.attempts).toBe(asked.requests.length);
});

it.each([
  ["a misspelt address", (baseURL: string) => ({ baseURL }), "baseURL"],
  ["a key in its address", (address: string) => ({ baseUrl: `${address}?key=0a1b2c3d4e5f` }), "baseUrl"],
  [
    "a key in a header",
    (baseUrl: string) => ({ baseUrl, headers: { Authorization: "Bearer 0a1b2c3d4e5f" } }),
    "headers",
  ],
  ["a wrong kind", (baseUrl: string) => ({ baseUrl, kind: "opnai" }), "kind"],
])("sends nothing for a provider with %s, and says where it is", async (_, entry, field) => {
  const asked = await askThroughProxy(entry);
  expect(asked).toMatchObject({ status: 503, attempts: 0, requests: [] });
  expect(asked.skipped).toEqual([
    {
      ref: MODEL,
      reason: "invalid-provider",
      problem: expect.stringContaining(`switchyard.providers.openai.${field}`),
    },
  ]);
  expect(asked.error.message).toContain(`switchyard.providers.openai.${field}`);
  expect(asked.error.message).not.toContain("0a1b2c3d4e5f");
});
