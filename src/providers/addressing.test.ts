import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hear } from "../../test/support/collectProviderEvents.ts";
import type { ProviderConfig } from "../models/providerConfig.ts";
import { createProvider } from "./createProvider.ts";
import { createTransport } from "./transport.ts";

type Seen = { readonly url: string; readonly headers: IncomingHttpHeaders };

let server: Server;
let address: string;
let seen: Seen[];

beforeEach(async () => {
  seen = [];
  server = createServer((request, response) => {
    seen.push({ url: request.url ?? "", headers: request.headers });
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

/** What a provider of this configuration sends. */
async function sent(config: Omit<ProviderConfig, "id" | "name" | "local">, key?: string): Promise<Seen> {
  await hear(createProvider({ id: "p", name: "P", local: false, ...config }, key, createTransport));
  const [first] = seen;
  if (first === undefined) throw new Error("nothing was sent");
  return first;
}

describe("where a request goes, and with which key", () => {
  it("Azure: to the deployment, with the version, the key as api-key alone", async () => {
    const { url, headers } = await sent(
      { kind: "azure-openai", endpoint: `${address}/`, apiVersion: "2026-06-01" },
      "azure-key",
    );
    expect(url).toBe("/openai/deployments/sim-balanced/chat/completions?api-version=2026-06-01");
    expect(headers["api-key"]).toBe("azure-key");
    expect(headers.authorization).toBeUndefined();
  });

  it("Azure without a version: to its v1 API", async () => {
    const { url, headers } = await sent({ kind: "azure-openai", endpoint: address }, "azure-key");
    expect(url).toBe("/openai/v1/chat/completions");
    expect(headers["api-key"]).toBe("azure-key");
    expect(headers.authorization).toBeUndefined();
  });

  it("Azure without an address is a failure that says what is missing", async () => {
    const provider = createProvider(
      { id: "p", name: "P", kind: "azure-openai", local: false },
      "k",
      createTransport,
    );
    expect((await hear(provider)).failure).toMatchObject({
      kind: "bad-request",
      message: expect.stringContaining("endpoint"),
    });
  });

  it("a compatible server: below its baseUrl, with or without a slash at its end, the key as a bearer", async () => {
    const { url, headers } = await sent({ kind: "openai-compatible", baseUrl: `${address}/v1/` }, "k-1234");
    expect(url).toBe("/v1/chat/completions");
    expect(headers.authorization).toBe("Bearer k-1234");
  });

  it("a server without a key: none is sent", async () => {
    for (const kind of ["openai-compatible", "anthropic"] as const) {
      seen.length = 0;
      const { headers } = await sent({ kind, baseUrl: address });
      expect(headers.authorization).toBeUndefined();
      expect(headers["x-api-key"]).toBeUndefined();
    }
  });

  it("Anthropic: as a bearer, in the version that we name; or where the settings put it", async () => {
    const { url, headers } = await sent({ kind: "anthropic", baseUrl: address }, "k-1234");
    expect(url).toBe("/v1/messages");
    expect(headers.authorization).toBe("Bearer k-1234");
    expect(headers["anthropic-version"]).toBe("2026-10-21");
    seen.length = 0;
    const own = { "x-api-key": "{key}", "anthropic-version": "2023-06-01", "x-team": "core" };
    const old = await sent({ kind: "anthropic", baseUrl: address, headers: own }, "k-1234");
    expect(old.headers).toMatchObject({ ...own, "x-api-key": "k-1234" });
    expect(old.headers.authorization).toBeUndefined();
  });

  it("nothing that the SDKs find in the environment", async () => {
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
      seen.length = 0;
      expect(JSON.stringify(await sent(config, "k-1234"))).not.toContain("stray");
    }
  });
});
