import type { Ask } from "../contract/ask.ts";
import type { Embeddings } from "../contract/embedder.ts";
import type { Provider, ProviderEvent } from "../contract/provider.ts";
import { type AdapterDeps, NO_TIMEOUT_MS } from "./adapter.ts";
import { runCall } from "./call.ts";
import { embeddingsBody, readEmbeddings } from "./embeddings.ts";
import type { FailureContext } from "./failures.ts";
import { readModelList } from "./modelList.ts";
import { type Connect, openaiConnector } from "./openaiClient.ts";
import { OpenaiReader } from "./openaiReader.ts";
import { openaiBody, openaiBodyText } from "./openaiRequest.ts";
import { PreparedRequests, type SendBody } from "./preparedRequests.ts";
import { CONNECT_MS, readWholeAnswer } from "./wholeAnswer.ts";

/** OpenAI, Azure OpenAI, and every server that speaks chat completions. */
export class OpenaiProvider implements Provider {
  readonly id: string;
  readonly #deps: AdapterDeps;
  readonly #prepared = new PreparedRequests();

  constructor(deps: AdapterDeps) {
    this.id = deps.config.id;
    this.#deps = deps;
  }

  async *ask(ask: Ask, signal: AbortSignal): AsyncGenerator<ProviderEvent, void, undefined> {
    const { config, makeTransport } = this.#deps;
    const context = this.#context();
    // Azure has the model in the address.
    const place = ask.model;
    const send =
      this.#prepared.senderTo(place) ?? this.#sendBySdk(place, await openaiConnector(this.#deps, context));
    yield* runCall({
      limits: ask.limits,
      maxOutputTokens: ask.maxOutputTokens,
      signal,
      context,
      transport: makeTransport({ connectMs: ask.limits.connectMs }),
      isRelayed: ask.wire?.format === "openai" && ask.wire.inOnePiece !== true,
      send: (transport) =>
        send({ fields: () => openaiBody(ask, config), text: () => openaiBodyText(ask, config) }, transport),
      reader: (requestId) => new OpenaiReader(context, requestId),
    });
  }

  async listModels(signal: AbortSignal): Promise<readonly string[]> {
    const context = this.#context();
    const connect = await openaiConnector(this.#deps, context);
    return readModelList({
      send: (transport) => connect(transport).get("/models", { timeout: NO_TIMEOUT_MS }).asResponse(),
      transport: this.#deps.makeTransport({ connectMs: CONNECT_MS }),
      context,
      signal,
    });
  }

  async embed(model: string, texts: readonly string[], signal: AbortSignal): Promise<Embeddings> {
    const context = this.#context();
    const connect = await openaiConnector(this.#deps, context);
    const body = embeddingsBody(model, texts);
    const answer = await readWholeAnswer({
      send: (transport) =>
        connect(transport).post("/embeddings", { body, timeout: NO_TIMEOUT_MS }).asResponse(),
      transport: this.#deps.makeTransport({ connectMs: CONNECT_MS }),
      context,
      signal,
      what: "embeddings",
    });
    return readEmbeddings(answer, texts.length, context);
  }

  #sendBySdk(place: string, connect: Connect): SendBody {
    return ({ fields }, transport) =>
      connect(this.#prepared.learning(place, transport))
        .post("/chat/completions", { body: fields(), stream: true, timeout: NO_TIMEOUT_MS })
        .asResponse();
  }

  #context(): FailureContext {
    return { provider: this.id, key: this.#deps.key, nowMs: this.#deps.nowMs() };
  }
}
