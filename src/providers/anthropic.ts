import type { Anthropic } from "@anthropic-ai/sdk";
import type { Ask } from "../contract/ask.ts";
import type { Provider, ProviderEvent } from "../contract/provider.ts";
import { type AdapterDeps, NO_KEY, NO_TIMEOUT_MS } from "./adapter.ts";
import { AnthropicReader } from "./anthropicReader.ts";
import { anthropicBody, anthropicVersion } from "./anthropicRequest.ts";
import { runCall } from "./call.ts";
import { type FailureContext, failureOf } from "./failures.ts";
import { headersOf } from "./headers.ts";
import { readModelList } from "./modelList.ts";
import type { Transport } from "./transport.ts";
import { CONNECT_MS } from "./wholeAnswer.ts";

/** Anthropic, and every server that speaks its messages. The key goes as `Authorization: Bearer`, as its SDK sends it. */
export class AnthropicProvider implements Provider {
  readonly id: string;
  readonly #deps: AdapterDeps;

  constructor(deps: AdapterDeps) {
    this.id = deps.config.id;
    this.#deps = deps;
  }

  async *ask(ask: Ask, signal: AbortSignal): AsyncGenerator<ProviderEvent, void, undefined> {
    const context = this.#context();
    if (ask.wire?.format === "openai" && ask.wire.untranslatable !== undefined) {
      throw failureOf(context, "bad-request", ask.wire.untranslatable);
    }
    const connect = await this.#connector();
    // The settings' own version, if they name one, was set with the client's headers.
    const version = Object.keys(this.#deps.config.headers ?? {}).some((name) =>
      /^anthropic-version$/i.test(name),
    )
      ? {}
      : { headers: { "anthropic-version": anthropicVersion(ask) } };
    yield* runCall({
      limits: ask.limits,
      maxOutputTokens: ask.maxOutputTokens,
      signal,
      context,
      transport: this.#deps.makeTransport({ connectMs: ask.limits.connectMs }),
      isRelayed: ask.wire?.format === "anthropic" && ask.wire.inOnePiece !== true,
      send: (transport) =>
        connect(transport)
          .post("/v1/messages", {
            body: anthropicBody(ask, this.id),
            stream: true,
            timeout: NO_TIMEOUT_MS,
            ...version,
          })
          .asResponse(),
      reader: (requestId) => new AnthropicReader(context, requestId),
    });
  }

  async listModels(signal: AbortSignal): Promise<readonly string[]> {
    const connect = await this.#connector();
    return readModelList({
      send: (transport) =>
        connect(transport)
          .get("/v1/models", { query: { limit: 1000 }, timeout: NO_TIMEOUT_MS })
          .asResponse(),
      transport: this.#deps.makeTransport({ connectMs: CONNECT_MS }),
      context: this.#context(),
      signal,
    });
  }

  #context(): FailureContext {
    return { provider: this.id, key: this.#deps.key, nowMs: this.#deps.nowMs() };
  }

  /** Loads the SDK, 43 ms the first time, and says how a client is made. */
  async #connector(): Promise<(transport: Transport) => Anthropic> {
    const { Anthropic } = await import("@anthropic-ai/sdk");
    const { config, key } = this.#deps;
    const options = {
      // Never left out: the SDK would look for someone's credentials in the environment and on the disk.
      apiKey: key ?? NO_KEY,
      webhookKey: null,
      baseURL: config.baseUrl ?? "https://api.anthropic.com",
      defaultHeaders: headersOf(config, key, process.env["ANTHROPIC_CUSTOM_HEADERS"]),
      maxRetries: 0,
      logLevel: "off",
      openTelemetry: false,
    } as const;
    return (fetch) => new Anthropic({ ...options, fetch });
  }
}
