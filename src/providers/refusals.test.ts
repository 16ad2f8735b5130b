import { describe, expect, it } from "vitest";
import { ASK, collectEvents } from "../../test/support/providers/collectProviderEvents.ts";
import { textMessage } from "../contract/message.ts";
import type { Ask } from "../contract/provider/ask.ts";
import type { HttpTransport } from "./http/transport/transport.ts";
import { Refusals } from "./refusals.ts";
import { createProvider } from "./registry/createProvider.ts";

type Body = Readonly<Record<string, unknown>>;
type Kind = "openai" | "openai-compatible" | "anthropic";

/** A transport whose server refuses every request with the same error. */
function refusing(error: unknown, status = 400): HttpTransport & { readonly bodies: Body[] } {
  const bodies: Body[] = [];
  return {
    bodies,
    send({ body = "" }, handler) {
      bodies.push(JSON.parse(body));
      handler.onHeaders(status, { "content-type": "application/json" });
      handler.onData(Buffer.from(JSON.stringify(error)));
      handler.onEnd();
      return { isSent: true, abort() {}, pause() {}, resume() {} };
    },
  };
}

/** Asks twice, as the program does after a failure that can be adapted to. */
async function askTwice(kind: Kind, ask: Partial<Ask>, error: unknown, status?: number) {
  const server = refusing(error, status);
  const config = { id: "p", name: "P", kind, baseUrl: "http://127.0.0.1:9/v1", local: false } as const;
  const provider = createProvider(config, "k-mock-0123456789", server);
  const first = await collectEvents(provider, { ask: { ...ASK, ...ask } });
  const second = await collectEvents(provider, { ask: { ...ASK, ...ask } });
  const [before, after] = server.bodies;
  return { before, after, isAdaptable: [first, second].map(({ failure }) => failure?.isAdaptable) };
}

/** Fields that are undefined must not be sent. */
function expectFields(body: Body | undefined, fields: Body): void {
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) expect(body).not.toHaveProperty(name);
    else expect(body).toMatchObject({ [name]: value });
  }
}

/** A request as a client of `serve` wrote it. */
const written = (fields: Body, ask: Partial<Ask> = {}): Partial<Ask> => {
  const body = { messages: [{ role: "user", content: "Hi" }], ...fields };
  return { ...ask, wire: { format: "openai", body, text: JSON.stringify(body) } };
};
const call = { id: "functions.look:0", type: "function", function: { name: "look", arguments: "{}" } };
const withMessage = (message: Body) =>
  written({ messages: [{ role: "user", content: "Hi" }, message, { role: "user", content: "So?" }] });

const openai = (message: string, param: string | null = null) => ({ error: { message, param, code: null } });

describe("a part of a request that its server refuses", () => {
  it.each<readonly [string, Kind, Partial<Ask>, unknown, Body, Body]>([
    [
      "stream_options, which pydantic names",
      "openai-compatible",
      {},
      { message: { detail: [{ loc: ["body", "stream_options", "include_usage"], msg: "Extra inputs" }] } },
      { stream_options: { include_usage: true } },
      { stream_options: undefined },
    ],
    [
      "stream_options, which the message names",
      "openai-compatible",
      {},
      { error: 'json: unknown field "stream_options"' },
      { stream_options: { include_usage: true } },
      { stream_options: undefined },
    ],
    [
      "max_tokens, which has another name",
      "openai-compatible",
      {},
      openai(
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "max_tokens",
      ),
      { max_tokens: 4096, max_completion_tokens: undefined },
      { max_tokens: undefined, max_completion_tokens: 4096 },
    ],
    [
      "max_completion_tokens, which has another name",
      "openai",
      {},
      openai("Unrecognized request argument supplied: max_completion_tokens"),
      { max_tokens: undefined, max_completion_tokens: 4096 },
      { max_tokens: 4096, max_completion_tokens: undefined },
    ],
    [
      "an output limit that is too large",
      "openai-compatible",
      {},
      openai("Invalid max_tokens value, the valid range of max_tokens is [1, 2048]"),
      { max_tokens: 4096 },
      { max_tokens: 2048 },
    ],
    [
      "max_tokens, in a message that repeats the status",
      "openai-compatible",
      {},
      openai("Error code: 400 - max_tokens is not a field of this model", "max_tokens"),
      { max_tokens: 4096, max_completion_tokens: undefined },
      { max_tokens: undefined, max_completion_tokens: 4096 },
    ],
    [
      "an output limit that is too large for Anthropic",
      "anthropic",
      {},
      {
        error: {
          message:
            "max_tokens: 4096 > 1024, which is the maximum allowed number of output tokens for m-20261122",
        },
      },
      { max_tokens: 4096 },
      { max_tokens: 1024 },
    ],
    [
      "a client's temperature that is the default",
      "openai-compatible",
      written({ temperature: 1 }, { temperature: 1 }),
      openai("Unsupported value: 'temperature' is not supported with this model.", "temperature"),
      { temperature: 1 },
      { temperature: undefined },
    ],
    [
      "a client's temperature and top_p that are the default, for Anthropic",
      "anthropic",
      { temperature: 1, topP: 1 },
      { error: { message: "`temperature` and `top_p` cannot both be specified for this model." } },
      { temperature: 1, top_p: 1 },
      { temperature: undefined, top_p: undefined },
    ],
    [
      "the marks for the prompt cache",
      "anthropic",
      {},
      { error: { message: "system.0.cache_control: Extra inputs are not permitted" } },
      { system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }] },
      { system: [{ type: "text", text: "Be brief." }] },
    ],
    [
      "a client's fields that only identify, or are empty",
      "openai-compatible",
      written({ user: "me", logit_bias: {}, seed: 7 }),
      openai("Additional properties are not allowed ('user', 'logit_bias' were unexpected)"),
      { user: "me", logit_bias: {}, seed: 7 },
      { user: undefined, logit_bias: undefined, seed: 7 },
    ],
    [
      "the role developer",
      "openai",
      withMessage({ role: "developer", content: "Be brief." }),
      openai("messages[1].role: unknown variant `developer`, expected one of `system`, `user`"),
      { messages: [{}, { role: "developer" }, {}] },
      { messages: [{}, { role: "system" }, {}] },
    ],
    [
      "the id of a tool call",
      "openai-compatible",
      withMessage({ role: "assistant", content: null, tool_calls: [call] }),
      openai("Tool call id was functions.look:0 but must be a-z, A-Z, 0-9, with a length of 9."),
      { messages: [{}, { tool_calls: [{ id: "functions.look:0" }] }, {}] },
      { messages: [{}, { tool_calls: [{ id: expect.stringMatching(/^[a-zA-Z0-9]{9}$/) }] }, {}] },
    ],
    [
      "a field of an earlier answer",
      "openai-compatible",
      withMessage({ role: "assistant", content: "Well.", reasoning_content: "Hm." }),
      openai("property 'messages[1].reasoning_content' is unsupported"),
      { messages: [{}, { reasoning_content: "Hm." }, {}] },
      { messages: [{}, { role: "assistant", content: "Well." }, {}] },
    ],
    [
      "a tool call without its reasoning",
      "openai-compatible",
      withMessage({ role: "assistant", content: null, tool_calls: [call] }),
      openai("The `reasoning_content` in the thinking mode must be passed back to the API."),
      { messages: [{}, { tool_calls: [call] }, {}] },
      { messages: [{}, { tool_calls: [call], reasoning_content: " " }, {}] },
    ],
    [
      "an effort that the client did not ask for",
      "openai-compatible",
      { reasoningEffort: "high", isEffortOptional: true },
      openai("Unrecognized request argument supplied: reasoning_effort"),
      { reasoning_effort: "high" },
      { reasoning_effort: undefined },
    ],
    [
      "an effort that the client did not ask for, of a model that does not think",
      "openai-compatible",
      { reasoningEffort: "low", isEffortOptional: true },
      openai('"llama3" does not support thinking'),
      { reasoning_effort: "low" },
      { reasoning_effort: undefined },
    ],
    [
      "an effort that the client did not ask for, for Anthropic",
      "anthropic",
      { reasoningEffort: "high", isEffortOptional: true },
      { error: { message: "This model does not support the effort parameter." } },
      { output_config: { effort: "high" } },
      { output_config: undefined },
    ],
  ])("is left out or translated in the next request: %s", async (_, kind, ask, error, first, second) => {
    const { before, after, isAdaptable } = await askTwice(kind, ask, error);
    expectFields(before, first);
    expectFields(after, second);
    // Nothing is left to try after that.
    expect(isAdaptable).toEqual([true, undefined]);
  });

  it.each<readonly [string, Kind, Partial<Ask>, unknown]>([
    [
      "a client's temperature",
      "openai-compatible",
      written({ temperature: 0 }, { temperature: 0 }),
      openai("Unsupported value: 'temperature' does not support 0 with this model.", "temperature"),
    ],
    [
      "a client's seed",
      "openai-compatible",
      written({ seed: 7 }),
      openai("Unknown parameter: 'seed'.", "seed"),
    ],
    [
      "a client's effort",
      "openai-compatible",
      { reasoningEffort: "high" },
      openai("Unrecognized request argument supplied: reasoning_effort"),
    ],
    [
      "one tool call at a time",
      "openai-compatible",
      written({ tools: [call], parallel_tool_calls: false }),
      openai('Unknown name "parallel_tool_calls": Cannot find field.'),
    ],
    [
      "a word that is no name",
      "openai-compatible",
      written({ user: "me" }),
      openai("roles must alternate user/assistant"),
    ],
    ["a conversation in a wrong order", "openai-compatible", {}, openai("roles must alternate")],
    ["an error about nothing", "anthropic", {}, { error: { message: "Bad request." } }],
  ])("is sent again if the answer depends on it: %s", async (_, kind, ask, error) => {
    const { before, after, isAdaptable } = await askTwice(kind, ask, error);
    expect(after).toEqual(before);
    expect(isAdaptable).toEqual([undefined, undefined]);
  });

  it("is left out for its model and server only, also by a provider that is created again", async () => {
    const refusals = new Refusals();
    const server = refusing(openai("Unknown parameter: 'stream_options'.", "stream_options"), 422);
    const ask = async (host: string, model: string) => {
      const config = { id: "p", name: "P", kind: "openai-compatible", local: false } as const;
      const provider = createProvider(
        { ...config, baseUrl: `http://${host}:9/v1` },
        "k-mock-0123456789",
        server,
        Date.now,
        refusals,
      );
      await collectEvents(provider, { ask: { ...ASK, model, messages: [textMessage("user", "Hi")] } });
      return Object.hasOwn(server.bodies.at(-1) ?? {}, "stream_options");
    };
    expect(await ask("127.0.0.1", "m")).toBe(true);
    expect(await ask("127.0.0.1", "m")).toBe(false);
    expect(await ask("127.0.0.1", "other")).toBe(true);
    expect(await ask("127.0.0.2", "m")).toBe(true);
  });
});
