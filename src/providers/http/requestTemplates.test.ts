import { OpenAI } from "openai";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  ASK,
  collectEvents,
  replayTransport,
} from "../../../test/support/providers/collectProviderEvents.ts";
import type { ProviderConfig } from "../../models/providerConfig.ts";
import { createProvider } from "../registry/createProvider.ts";
import { configuredHeaders } from "./requestTemplates.ts";

const SERVER: ProviderConfig = {
  id: "p",
  name: "P",
  kind: "openai-compatible",
  baseUrl: "http://127.0.0.1:1/v1",
  local: false,
};

afterEach(() => void vi.restoreAllMocks());

/** What a provider sends when it is asked for these models. */
async function requestsOf(config: Partial<ProviderConfig>, models: readonly string[]) {
  const transport = replayTransport([]);
  const provider = createProvider(
    { id: "p", name: "P", kind: "openai", local: false, ...config },
    "k-1",
    transport,
  );
  for (const model of models) await collectEvents(provider, { ask: { ...ASK, model } });
  return transport.requests;
}

describe("RequestTemplates", () => {
  it("builds a request with the SDK once, and uses its address and headers for the next one", async () => {
    const build = vi.spyOn(OpenAI.prototype, "buildRequest");
    const [first, second] = await requestsOf({}, ["sim-cheap", "sim-cheap"]);
    expect(build).toHaveBeenCalledOnce();
    expect(first).toMatchObject({
      method: "POST",
      url: "https://api.openai.com/v1/chat/completions",
      headers: { authorization: "Bearer k-1", "content-type": "application/json" },
    });
    expect(second).toEqual(first);
  });

  it("uses the same template for all models, each with its own body", async () => {
    const [first, second] = await requestsOf({}, ["a", "b"]);
    expect(second).toEqual({ ...first, body: expect.stringContaining('"model":"b"') });
  });

  it("uses separate templates for addresses that name different deployments", async () => {
    const azure = {
      kind: "azure-openai",
      endpoint: "https://me.example.com",
      apiVersion: "2026-06-01",
    } as const;
    const urls = (await requestsOf(azure, ["a", "b", "a"])).map(({ url }) => url);
    expect(urls[0]).toContain("/deployments/a/");
    expect(urls[1]).toContain("/deployments/b/");
    expect(urls[2]).toBe(urls[0]);
  });

  it("fails with a bad request if the SDK rejects the request", async () => {
    const provider = createProvider({ ...SERVER, baseUrl: "no address" }, "k", replayTransport([]));
    expect((await collectEvents(provider)).failure).toMatchObject({ kind: "bad-request" });
  });
});

describe("configuredHeaders", () => {
  it("replaces the placeholder of the key in the settings, and sends the key in no other header", () => {
    const config = { ...SERVER, headers: { "X-Api-Key": "{key}", "x-team": "core" } };
    expect(configuredHeaders(config, "k", undefined)).toEqual({
      authorization: null,
      "api-key": null,
      "x-api-key": "k",
      "x-team": "core",
    });
  });

  it("sends neither key nor placeholder if there is no key", () => {
    const config = { ...SERVER, headers: { "x-api-key": "{key}" } };
    expect(configuredHeaders(config, undefined, undefined)).toEqual({
      authorization: null,
      "api-key": null,
      "x-api-key": null,
    });
  });

  it("removes what the SDKs' environment variable would send to every address", () => {
    expect(configuredHeaders(SERVER, "k", "Authorization: Bearer other\nX-Trace: 1")).toEqual({
      authorization: "Bearer k",
      "api-key": null,
      "x-api-key": null,
      "x-trace": null,
    });
  });
});
