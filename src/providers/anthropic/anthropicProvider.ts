import type { Anthropic } from "@anthropic-ai/sdk";
import type { Ask } from "../../contract/provider/ask.ts";
import type { Provider, ProviderEnd, ProviderSink } from "../../contract/provider/provider.ts";
import { type FailureContext, failureOf } from "../errors/failures.ts";
import { Redaction } from "../errors/redaction.ts";
import { requestModelIds } from "../http/jsonRequest.ts";
import { configuredHeaders, NO_KEY, type ProviderDeps, RequestTemplates } from "../http/requestTemplates.ts";
import { runStreamedCall } from "../stream/streamedCall.ts";
import { AnthropicReader } from "./anthropicReader.ts";
import { anthropicBody, anthropicVersion, refusedParts, unsupportedImage } from "./anthropicRequest.ts";

/** Anthropic, and all servers with its Messages API. The key is sent as `Authorization: Bearer`, like its SDK does. */
export class AnthropicProvider implements Provider {
  readonly id: string;
  readonly #deps: ProviderDeps;
  readonly #templates = new RequestTemplates();
  readonly #redaction: Redaction;

  constructor(deps: ProviderDeps) {
    this.id = deps.config.id;
    this.#deps = deps;
    this.#redaction = new Redaction(deps.key);
  }

  async ask(ask: Ask, sink: ProviderSink, signal: AbortSignal): Promise<ProviderEnd> {
    const context = this.#context();
    if (ask.wire?.format === "openai" && ask.wire.untranslatable !== undefined) {
      throw failureOf(context, "bad-request", ask.wire.untranslatable, { notSent: true });
    }
    const image = unsupportedImage(ask);
    if (image !== undefined) {
      const message = `images of the type ${image} are not accepted: send JPEG, PNG, GIF or WebP, or choose a model of another provider`;
      throw failureOf(context, "bad-request", message, { notSent: true });
    }
    // The settings may name another version in a header.
    const isConfigured = Object.keys(this.#deps.config.headers ?? {}).some((name) =>
      /^anthropic-version$/i.test(name),
    );
    const version = isConfigured ? undefined : anthropicVersion(ask);
    const template = await this.#templates.get(`/v1/messages ${version}`, context, async () =>
      (await this.#client()).buildRequest({
        method: "post",
        path: "/v1/messages",
        body: {},
        headers: version === undefined ? {} : { "anthropic-version": version },
      }),
    );
    const { transport, refusals } = this.#deps;
    const model = `${template.url} ${ask.model}`;
    const refused = refusals.of(model);
    const body = anthropicBody(ask, this.id, refused);
    return runStreamedCall(
      {
        transport,
        request: { method: "POST", ...template, body: JSON.stringify(body) },
        limits: ask.limits,
        maxOutputTokens: ask.maxOutputTokens,
        context,
        isRelayed: ask.wire?.format === "anthropic" && ask.wire.inOnePiece !== true,
        createReader: (requestId) => new AnthropicReader(context, requestId),
      },
      sink,
      signal,
    ).catch((error: unknown) => {
      throw refusals.learn(model, error, refused, (failure) => refusedParts(failure, body, ask));
    });
  }

  async listModels(signal: AbortSignal): Promise<readonly string[]> {
    const context = this.#context();
    const template = await this.#templates.get("/v1/models", context, async () =>
      (await this.#client()).buildRequest({ method: "get", path: "/v1/models", query: { limit: 1000 } }),
    );
    const { transport } = this.#deps;
    return requestModelIds({ transport, request: { method: "GET", ...template }, context, signal });
  }

  #context(): FailureContext {
    return { provider: this.id, redaction: this.#redaction, nowMs: this.#deps.nowMs() };
  }

  /** Loads the SDK, which takes 43 ms the first time. */
  async #client(): Promise<Anthropic> {
    const { Anthropic } = await import("@anthropic-ai/sdk");
    const { config, key } = this.#deps;
    return new Anthropic({
      // Without a key, the SDK would look for credentials in the environment and on the disk.
      apiKey: key ?? NO_KEY,
      webhookKey: null,
      baseURL: config.baseUrl ?? "https://api.anthropic.com",
      defaultHeaders: configuredHeaders(config, key, process.env["ANTHROPIC_CUSTOM_HEADERS"]),
      logLevel: "off",
      openTelemetry: false,
    });
  }
}
