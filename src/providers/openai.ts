import type { OpenAI } from "openai";
import type { Ask } from "../contract/ask.ts";
import type { Provider, ProviderEvent } from "../contract/provider.ts";
import { type AdapterDeps, NO_KEY, NO_TIMEOUT_MS } from "./adapter.ts";
import { runCall } from "./call.ts";
import { type FailureContext, failureOf } from "./failures.ts";
import { headersOf } from "./headers.ts";
import { LIST_CONNECT_MS, readModelList } from "./modelList.ts";
import { OpenaiReader } from "./openaiReader.ts";
import { openaiBody } from "./openaiRequest.ts";
import type { Transport } from "./transport.ts";

/** OpenAI, Azure OpenAI, and every server that speaks chat completions. */
export class OpenaiProvider implements Provider {
  readonly id: string;
  readonly #deps: AdapterDeps;

  constructor(deps: AdapterDeps) {
    this.id = deps.config.id;
    this.#deps = deps;
  }

  async *ask(ask: Ask, signal: AbortSignal): AsyncGenerator<ProviderEvent, void, undefined> {
    const { config, makeTransport } = this.#deps;
    const context = this.#context();
    const connect = await this.#connector(context);
    yield* runCall({
      limits: ask.limits,
      signal,
      context,
      transport: makeTransport({ connectMs: ask.limits.connectMs }),
      isRelayed: ask.wire?.format === "openai",
      send: (transport) =>
        connect(transport)
          .post("/chat/completions", { body: openaiBody(ask, config), stream: true, timeout: NO_TIMEOUT_MS })
          .asResponse(),
      reader: (requestId) => new OpenaiReader(context, requestId),
    });
  }

  async listModels(signal: AbortSignal): Promise<readonly string[]> {
    const context = this.#context();
    const connect = await this.#connector(context);
    return readModelList(
      (transport) => connect(transport).get("/models", { timeout: NO_TIMEOUT_MS }).asResponse(),
      this.#deps.makeTransport({ connectMs: LIST_CONNECT_MS }),
      context,
      signal,
    );
  }

  #context(): FailureContext {
    return { provider: this.id, key: this.#deps.key, nowMs: this.#deps.nowMs() };
  }

  /** Loads the SDK, 107 ms the first time, and says how a client is made. */
  async #connector(context: FailureContext): Promise<(transport: Transport) => OpenAI> {
    const { OpenAI, AzureOpenAI } = await import("openai");
    const { config, key } = this.#deps;
    const { kind, apiVersion } = config;
    // What is null here is what the SDK would otherwise take from the environment.
    const common = {
      apiKey: key ?? NO_KEY,
      adminAPIKey: null,
      webhookSecret: null,
      ...(kind === "openai" ? {} : { organization: null, project: null }),
      defaultHeaders: headersOf(config, key, process.env["OPENAI_CUSTOM_HEADERS"]),
      maxRetries: 0,
      logLevel: "off",
    } as const;
    const { baseUrl = kind === "openai" ? "https://api.openai.com/v1" : undefined } = config;
    if (kind === "azure-openai") {
      const endpoint = config.endpoint?.replace(/\/+$/, "");
      if (endpoint === undefined && baseUrl === undefined) {
        throw failureOf(context, "bad-request", "an Azure provider needs its endpoint in the settings");
      }
      if (apiVersion !== undefined) {
        const place = baseUrl === undefined ? { baseURL: null, endpoint } : { baseURL: baseUrl };
        return (fetch) => new AzureOpenAI({ ...common, ...place, apiVersion, fetch });
      }
      // Azure's v1 API has no version, and looks like OpenAI's own but for the key's header.
      const baseURL = baseUrl ?? `${endpoint}/openai/v1`;
      return (fetch) => new OpenAI({ ...common, baseURL, fetch });
    }
    if (baseUrl === undefined) {
      throw failureOf(context, "bad-request", "the provider needs a baseUrl in the settings");
    }
    return (fetch) => new OpenAI({ ...common, baseURL: baseUrl, fetch });
  }
}
