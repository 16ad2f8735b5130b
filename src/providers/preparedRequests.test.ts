import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ASK, hear, textOf } from "../../test/support/collectProviderEvents.ts";
import type { ProviderConfig } from "../models/providerConfig.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import { createProvider } from "./createProvider.ts";
import { createTransport, type Transport } from "./transport.ts";
import { createUndiciTransport } from "./undiciTransport.ts";

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ tokensPerSecond: 0 });
});
afterAll(() => simulator.stop());

/** What a transport was given to send: all but the signal. */
async function sentBy(config: Partial<ProviderConfig>, models: readonly string[]) {
  const sent: unknown[] = [];
  const transport: Transport = (input, init) => {
    const headers = Object.fromEntries(new Headers(init?.headers));
    sent.push({ url: String(input), method: init?.method, headers, body: JSON.parse(String(init?.body)) });
    return createTransport({ connectMs: 1000 })(`${simulator.url}/openai/v1/chat/completions`, init);
  };
  const whole = { id: "p", name: "P", kind: "openai", local: false, ...config } as const;
  const provider = createProvider(whole, simulator.key, () => transport);
  for (const model of models) await hear(provider, { ...ASK, model });
  return sent;
}

describe("the second request to the same place", () => {
  it("is answered as the first one is over the transport of serve, which makes no Response of it", async () => {
    const { makeTransport, close } = createUndiciTransport();
    const isLean: boolean[] = [];
    const config = { id: "p", name: "P", kind: "openai-compatible", local: false } as const;
    const provider = createProvider(
      { ...config, baseUrl: `${simulator.url}/openai/v1` },
      simulator.key,
      (options) => {
        const transport = makeTransport(options);
        const fetch: Transport = (...asked) => {
          isLean.push(false);
          return transport(...asked);
        };
        const lean: Transport["lean"] = async (...asked) => {
          isLean.push(true);
          return transport.lean?.(...asked) ?? Promise.reject(new Error("not lean"));
        };
        return Object.assign(fetch, { lean });
      },
    );
    const [first, second] = [await hear(provider, ASK), await hear(provider, ASK)];
    expect(isLean).toEqual([false, true]);
    expect(second.failure).toBeUndefined();
    expect(textOf(second)).toBe(textOf(first));
    simulator.injectFault({
      model: ASK.model,
      fault: { kind: "status", status: 429, headers: { "retry-after": "7" } },
    });
    expect((await hear(provider, ASK)).failure).toMatchObject({ kind: "rate-limited", retryAfterMs: 7000 });
    simulator.clear();
    await close();
  });

  it("is what the SDK built for the first one", async () => {
    const [first, second] = await sentBy({}, ["sim-cheap", "sim-cheap"]);
    expect(first).toMatchObject({
      url: "https://api.openai.com/v1/chat/completions",
      headers: { authorization: `Bearer ${simulator.key}`, "content-type": "application/json" },
    });
    expect(second).toEqual(first);
  });

  it("is another one where the address names another deployment", async () => {
    const azure = {
      kind: "azure-openai",
      endpoint: "https://me.example.com",
      apiVersion: "2026-06-01",
    } as const;
    const urls = (await sentBy(azure, ["a", "b", "a"])).map((each) => Object(each).url);
    expect(urls[0]).toContain("/deployments/a/");
    expect(urls[1]).toContain("/deployments/b/");
    expect(urls[2]).toBe(urls[0]);
  });
});
