import type { OpenAI } from "openai";
import { isRecord } from "../../base/isRecord.ts";
import type { Ask } from "../../contract/provider/ask.ts";
import type { Embeddings } from "../../contract/provider/embedder.ts";
import type { Provider, ProviderEnd, ProviderSink } from "../../contract/provider/provider.ts";
import { type FailureContext, failureOf } from "../errors/failures.ts";
import { Redaction } from "../errors/redaction.ts";
import { requestJson, requestModelIds } from "../http/jsonRequest.ts";
import {
  configuredHeaders,
  NO_KEY,
  type ProviderDeps,
  type RequestTemplate,
  RequestTemplates,
} from "../http/requestTemplates.ts";
import type { HttpRequest } from "../http/transport/transport.ts";
import { parseRecord } from "../json.ts";
import { runStreamedCall } from "../stream/streamedCall.ts";
import type { KeptFields } from "./answer/answerFields.ts";
import { OpenaiReader } from "./answer/openaiReader.ts";
import { embeddingsBody, readEmbeddings } from "./embeddings.ts";
import { openaiBodyText } from "./openaiRequest.ts";
import { ReasoningOfCalls } from "./reasoningOfCalls.ts";
import { refusedParts } from "./refusedParts.ts";
import { serverRules } from "./serverRules.ts";

/** OpenAI, Azure OpenAI, and all servers with OpenAI's API for chat completions. */
export class OpenaiProvider implements Provider {
  readonly id: string;
  readonly #deps: ProviderDeps;
  readonly #templates = new RequestTemplates();
  readonly #redaction: Redaction;
  readonly #reasoning = new ReasoningOfCalls();

  constructor(deps: ProviderDeps) {
    this.id = deps.config.id;
    this.#deps = deps;
    this.#redaction = new Redaction(deps.key);
  }

  async ask(ask: Ask, sink: ProviderSink, signal: AbortSignal): Promise<ProviderEnd> {
    const { config, transport, refusals } = this.#deps;
    const context = this.#context();
    const template = await this.#template("/chat/completions", ask.model, context);
    const model = `${template.url} ${ask.model}`;
    const refused = refusals.of(model);
    const body = openaiBodyText(ask, config, (id) => this.#reasoning.of(id), refused);
    const { needsReasoning } = serverRules(config, ask.model, refused);
    return runStreamedCall(
      {
        transport,
        request: post(template, body),
        limits: ask.limits,
        maxOutputTokens: ask.maxOutputTokens,
        context,
        isRelayed: ask.wire?.format === "openai" && ask.wire.inOnePiece !== true,
        createReader: (requestId) => new OpenaiReader(context, requestId, keptFields(ask)),
      },
      needsReasoning ? this.#reasoning.recordedBy(sink) : sink,
      signal,
    ).catch((error: unknown) => {
      throw refusals.learn(model, error, refused, (failure) =>
        refusedParts(failure, parseRecord(body) ?? {}, ask, refused),
      );
    });
  }

  async listModels(signal: AbortSignal): Promise<readonly string[]> {
    const context = this.#context();
    const template = await this.#templates.get("/models", context, async () =>
      (await this.#client(context)).buildRequest({ method: "get", path: "/models" }),
    );
    const request: Omit<HttpRequest, "connectMs"> = { method: "GET", ...template };
    return requestModelIds({ transport: this.#deps.transport, request, context, signal });
  }

  async embed(model: string, texts: readonly string[], signal: AbortSignal): Promise<Embeddings> {
    const context = this.#context();
    const template = await this.#template("/embeddings", model, context);
    const request = post(template, JSON.stringify(embeddingsBody(model, texts)));
    const { transport } = this.#deps;
    const response = await requestJson({ transport, request, context, signal, what: "embeddings" });
    return readEmbeddings(isRecord(response) ? response : {}, texts.length, context);
  }

  #template(path: string, model: string, context: FailureContext): Promise<RequestTemplate> {
    // Azure's addresses contain the model.
    const key = this.#deps.config.kind === "azure-openai" ? `${path} ${model}` : path;
    return this.#templates.get(key, context, async () =>
      (await this.#client(context)).buildRequest({ method: "post", path, body: { model } }),
    );
  }

  #context(): FailureContext {
    return { provider: this.id, redaction: this.#redaction, nowMs: this.#deps.nowMs() };
  }

  /** Loads the SDK, which takes 107 ms the first time. @throws Failure if an address is missing */
  async #client(context: FailureContext): Promise<OpenAI> {
    const { OpenAI, AzureOpenAI } = await import("openai");
    const { config, key } = this.#deps;
    const { kind, apiVersion } = config;
    // Null keeps the SDK from reading a value from the environment.
    const common = {
      apiKey: key ?? NO_KEY,
      adminAPIKey: null,
      webhookSecret: null,
      ...(kind === "openai" ? {} : { organization: null, project: null }),
      defaultHeaders: configuredHeaders(config, key, process.env["OPENAI_CUSTOM_HEADERS"]),
      logLevel: "off",
    } as const;
    const { baseUrl = kind === "openai" ? "https://api.openai.com/v1" : undefined } = config;
    if (kind === "azure-openai") {
      const endpoint = config.endpoint?.replace(/\/+$/, "");
      if (endpoint === undefined && baseUrl === undefined) {
        throw failureOf(context, "bad-request", "an Azure provider needs its endpoint in the settings");
      }
      if (apiVersion !== undefined) {
        const address = baseUrl === undefined ? { baseURL: null, endpoint } : { baseURL: baseUrl };
        return new AzureOpenAI({ ...common, ...address, apiVersion });
      }
      // Azure's v1 API has no version and equals OpenAI's, except for the header of the key.
      return new OpenAI({ ...common, baseURL: baseUrl ?? `${endpoint}/openai/v1` });
    }
    if (baseUrl === undefined) {
      throw failureOf(context, "bad-request", "the provider needs a baseUrl in the settings");
    }
    return new OpenAI({ ...common, baseURL: baseUrl });
  }
}

/** The fields of a client's own format that it gets. The rest of a broken answer has none, because they describe a part. */
function keptFields({ wire, appended = [] }: Ask): KeptFields {
  if (wire?.format !== "openai" || appended.length > 0) return "none";
  return wire.inOnePiece === true ? "all" : "unrelayed";
}

function post(template: RequestTemplate, body: string): Omit<HttpRequest, "connectMs"> {
  return { method: "POST", ...template, body };
}
