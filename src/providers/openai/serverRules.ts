import type { ProviderConfig } from "../../models/providerConfig.ts";
import { NOTHING_REFUSED, type Refused } from "../refusals.ts";
import type { IdRule } from "../toolCallIds.ts";
import { ANSWER_FIELDS, DEVELOPER, LIMIT_FIELDS, NO_REASONING, TOOL_CALL_ID } from "./refusedParts.ts";

/** How a server with OpenAI's API differs from the others. */
export type ServerRules = {
  readonly takesStreamOptions: boolean;
  /** Continues a last message of the assistant only if it has `prefix: true`. */
  readonly needsPrefix: boolean;
  readonly takesDeveloperRole: boolean;
  /** Undefined: any id of a tool call is accepted. */
  readonly toolCallIds: IdRule | undefined;
  /** Fields of a message that are rejected. */
  readonly rejectedFields: readonly string[];
  /** Fields of the body that are rejected, and left out where that changes nothing. */
  readonly rejectedOptions: readonly string[];
  readonly outputLimitField: (typeof LIMIT_FIELDS)[number];
  /** A message with tool calls needs the `reasoning_content` that preceded them. */
  readonly needsReasoning: boolean;
};

/** Fields in which servers return reasoning, and accept it back. */
const REASONING_FIELDS = ["reasoning_content", "reasoning", "reasoning_details"] as const;

/** "Expected a string with maximum length 40" (OpenAI). */
const AT_MOST_40: IdRule = { accepted: /^.{1,40}$/s, characters: 24 };
/** "Tool call id was … but must be a-z, A-Z, 0-9, with a length of 9": mistralai.github.io/mistral-common, "Tools". */
const NINE_ALPHANUMERICS: IdRule = { accepted: /^[a-zA-Z0-9]{9}$/, characters: 9 };

/** Names of Mistral's models. The servers of others check ids as Mistral's own server does. */
const MISTRAL_MODEL = /(?:codes|devs|magis|minis|mis|mix|pix)tral/i;

/**
 * Rules by the server's host, where its address is public. Sources (2026-11): docs.mistral.ai, "Prefix", and
 * avante.nvim issue 2347, crush issue 1590 (extra fields); api-docs.deepseek.com, "Chat Prefix Completion" and
 * "Thinking Mode"; jan issue 8136 (Groq); kilocode issue 10375 (Cerebras); continue issue 11600 (Moonshot).
 */
const BY_HOST: Readonly<Record<string, Partial<ServerRules>>> = {
  "api.mistral.ai": { takesStreamOptions: false, needsPrefix: true, rejectedFields: REASONING_FIELDS },
  "api.deepseek.com": { needsPrefix: true, needsReasoning: true },
  "api.moonshot.ai": { needsReasoning: true },
  "api.moonshot.cn": { needsReasoning: true },
  "api.groq.com": { rejectedFields: ["reasoning_content"] },
  "api.cerebras.ai": { rejectedFields: ["reasoning_content"] },
};

/**
 * The rules of the server that answers for this model.
 * @param model its name on the wire
 * @param refused what the server has refused
 */
export function serverRules(
  config: ProviderConfig,
  model: string,
  { parts }: Refused = NOTHING_REFUSED,
): ServerRules {
  const rules = knownRules(config, model);
  if (parts.size === 0) return rules;
  const { outputLimitField } = rules;
  return {
    takesStreamOptions: rules.takesStreamOptions && !parts.has("stream_options"),
    needsPrefix: rules.needsPrefix,
    takesDeveloperRole: rules.takesDeveloperRole && !parts.has(DEVELOPER),
    toolCallIds: parts.has(TOOL_CALL_ID) ? NINE_ALPHANUMERICS : rules.toolCallIds,
    rejectedFields: [...rules.rejectedFields, ...ANSWER_FIELDS.filter((name) => parts.has(name))],
    needsReasoning: rules.needsReasoning || parts.has(NO_REASONING),
    rejectedOptions: [...parts],
    outputLimitField: parts.has(outputLimitField)
      ? (LIMIT_FIELDS.find((name) => name !== outputLimitField) ?? outputLimitField)
      : outputLimitField,
  };
}

function knownRules({ kind, baseUrl = "" }: ProviderConfig, model: string): ServerRules {
  const host = URL.canParse(baseUrl) ? new URL(baseUrl).hostname : "";
  const isOpenai = kind !== "openai-compatible";
  return {
    takesStreamOptions: true,
    needsPrefix: false,
    // Others know the role `system` only, which means the same; and OpenAI's models take it for `developer`.
    takesDeveloperRole: isOpenai,
    toolCallIds: isOpenai
      ? AT_MOST_40
      : MISTRAL_MODEL.test(`${host} ${model}`)
        ? NINE_ALPHANUMERICS
        : undefined,
    rejectedFields: isOpenai ? REASONING_FIELDS : [],
    rejectedOptions: [],
    outputLimitField: isOpenai ? "max_completion_tokens" : "max_tokens",
    needsReasoning: false,
    ...(Object.hasOwn(BY_HOST, host) ? BY_HOST[host] : {}),
  };
}
