import type { Message } from "../message.ts";

export type WireFormat = "openai" | "anthropic";

/** A tool that the model may call; `parametersSchema` is a JSON schema. */
export type Tool = {
  readonly name: string;
  readonly description?: string | undefined;
  readonly parametersSchema: Readonly<Record<string, unknown>>;
};

export type ToolChoice = "auto" | "none" | "required" | { readonly name: string };

/** How much a model should reason. `none`: not at all. */
export type ReasoningEffort = (typeof REASONING_EFFORTS)[number];
export const REASONING_EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh", "max"] as const;

/** The efforts that a user can choose. */
export type EffortLevel = (typeof EFFORT_LEVELS)[number];
export const EFFORT_LEVELS = ["low", "medium", "high"] as const satisfies readonly ReasoningEffort[];

/** How long each phase of a call may take, in milliseconds. */
export type CallLimits = {
  /** Until the connection is established. */
  readonly connectMs: number;
  /** From the request to the first content, or to a sign that the server is alive: a comment, or an event without any. */
  readonly firstTokenMs: number;
  /** From the request to the first content, whatever else arrives. */
  readonly thinkingMs: number;
  /** Between two events of a stream. */
  readonly idleMs: number;
};

/** A request to one model. */
export type Ask = {
  /** The model's name on the wire. */
  readonly model: string;
  readonly messages: readonly Message[];
  /**
   * Messages to send after `messages`, or after those of `wire`: a partial answer to be resumed. If the last message is
   * the assistant's, the model continues it.
   */
  readonly appended?: readonly Message[] | undefined;
  /** The output limit to send. The reserved amount depends on it. */
  readonly maxOutputTokens: number;
  readonly tools?: readonly Tool[] | undefined;
  readonly toolChoice?: ToolChoice | undefined;
  /** False: at most one tool call in an answer. */
  readonly parallelToolCalls?: boolean | undefined;
  /** Undefined: the model's own default. */
  readonly reasoningEffort?: ReasoningEffort | undefined;
  /** The effort is no part of the client's request: it is left out if the model's server refuses it. */
  readonly isEffortOptional?: boolean | undefined;
  /** Undefined for models that reject sampling parameters. */
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly stop?: readonly string[] | undefined;
  readonly limits: CallLimits;
  readonly wire?: WireRequest | undefined;
};

/** A request in a client's wire format. A provider of the same format receives it as the client wrote it. */
export type WireRequest = {
  readonly format: WireFormat;
  readonly body: Readonly<Record<string, unknown>>;
  /** The body as text, so that unchanged parts need not be serialized again. */
  readonly text?: string | undefined;
  /** The client does not stream the answer, so that events need no `raw`. */
  readonly inOnePiece?: boolean | undefined;
  /** A part of the body that only this format has, described for the client. The request is sent in no other format. */
  readonly untranslatable?: string | undefined;
};
