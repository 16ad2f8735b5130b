import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { collectEvents } from "../../test/support/providers/collectProviderEvents.ts";
import type { ProviderConfig } from "../models/providerConfig.ts";
import { nodeTransport } from "./http/transport/nodeTransport.ts";
import { createProvider } from "./registry/createProvider.ts";

type ReceivedRequest = { readonly url: string; readonly headers: IncomingHttpHeaders };

let server: Server;
let address: string;
let received: ReceivedRequest[];

beforeEach(async () => {
  received = [];
  server = createServer((request, response) => {
    received.push({ url: request.url ?? "", headers: request.headers });
    response.writeHead(400, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bound = server.address();
  address = `http://127.0.0.1:${typeof bound === "object" && bound !== null ? bound.port : 0}`;
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.close();
  server.closeAllConnections();
});

/** What a provider with this configuration sends. */
async function requestOf(
  config: Omit<ProviderConfig, "id" | "name" | "local">,
  key?: string,
): Promise<ReceivedRequest> {
  await collectEvents(createProvider({ id: "p", name: "P", local: false, ...config }, key, nodeTransport));
  const [first] = received;
  if (first === undefined) throw new Error("Nothing was sent.");
  return first;
}

describe("addressing a request", () => {
  it("uses Azure's deployment and version, and sends the key only as `api-key`", async () => {
    const { url, headers } = await requestOf(
      { kind: "azure-openai", endpoint: `${address}/`, apiVersion: "2026-06-01" },
      "azure-key",
    );
    expect(url).toBe("/openai/deployments/sim-balanced/chat/completions?api-version=2026-06-01");
    expect(headers["api-key"]).toBe("azure-key");
    expect(headers.authorization).toBeUndefined();
  });

  it("uses Azure's v1 API if no version is configured", async () => {
    const { url, headers } = await requestOf({ kind: "azure-openai", endpoint: address }, "azure-key");
    expect(url).toBe("/openai/v1/chat/completions");
    expect(headers["api-key"]).toBe("azure-key");
    expect(headers.authorization).toBeUndefined();
  });

  it("fails if an Azure provider has no endpoint, and names the missing setting", async () => {
    const provider = createProvider(
      { id: "p", name: "P", kind: "azure-openai", local: false },
      "k",
      nodeTransport,
    );
    expect((await collectEvents(provider)).failure).toMatchObject({
      kind: "bad-request",
      message: expect.stringContaining("endpoint"),
    });
  });

  it("appends the path to a compatible server's baseUrl, with or without a slash at its end, and sends the key as a bearer token", async () => {
    const { url, headers } = await requestOf(
      { kind: "openai-compatible", baseUrl: `${address}/v1/` },
      "k-1234",
    );
    expect(url).toBe("/v1/chat/completions");
    expect(headers.authorization).toBe("Bearer k-1234");
  });

  it("sends no key to a server that needs none", async () => {
    for (const kind of ["openai-compatible", "anthropic"] as const) {
      received.length = 0;
      const { headers } = await requestOf({ kind, baseUrl: address });
      expect(headers.authorization).toBeUndefined();
      expect(headers["x-api-key"]).toBeUndefined();
    }
  });

  it("uses Anthropic's messages, a bearer token and our version, or the headers in the settings", async () => {
    const { url, headers } = await requestOf({ kind: "anthropic", baseUrl: address }, "k-1234");
    expect(url).toBe("/v1/messages");
    expect(headers.authorization).toBe("Bearer k-1234");
    expect(headers["anthropic-version"]).toBe("2026-10-21");
    received.length = 0;
    const own = { "x-api-key": "{key}", "anthropic-version": "2023-06-01", "x-team": "core" };
    const old = await requestOf({ kind: "anthropic", baseUrl: address, headers: own }, "k-1234");
    expect(old.headers).toMatchObject({ ...own, "x-api-key": "k-1234" });
    expect(old.headers.authorization).toBeUndefined();
  });

  it("ignores what the SDKs find in the environment", async () => {
    for (const name of [
      "OPENAI_BASE_URL",
      "OPENAI_ORG_ID",
      "OPENAI_PROJECT_ID",
      "OPENAI_ADMIN_KEY",
      "OPENAI_API_KEY",
      "AZURE_OPENAI_API_KEY",
      "AZURE_OPENAI_ENDPOINT",
      "ANTHROPIC_API_KEY",
      "ANTHROPIC_AUTH_TOKEN",
      "ANTHROPIC_BASE_URL",
    ]) {
      vi.stubEnv(name, "https://stray.example");
    }
    vi.stubEnv("OPENAI_CUSTOM_HEADERS", "x-stray: stray\nauthorization: stray");
    vi.stubEnv("ANTHROPIC_CUSTOM_HEADERS", "x-stray: stray\nx-api-key: stray");
    for (const config of [
      { kind: "openai-compatible", baseUrl: address },
      { kind: "azure-openai", endpoint: address, apiVersion: "1" },
      { kind: "anthropic", baseUrl: address },
    ] as const) {
      received.length = 0;
      expect(JSON.stringify(await requestOf(config, "k-1234"))).not.toContain("stray");
    }
  });
});
