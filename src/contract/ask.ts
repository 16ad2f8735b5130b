import type { Message } from "./message.ts";

export type WireFormat = "openai" | "anthropic";

/** A tool that the model may call; `parametersSchema` is a JSON schema. */
export type Tool = {
  readonly name: string;
  readonly description?: string | undefined;
  readonly parametersSchema: Readonly<Record<string, unknown>>;
};

export type ToolChoice = "auto" | "none" | "required" | { readonly name: string };

/** How long each phase of a call may take, in milliseconds. */
export type CallLimits = {
  /** Until the connection is established. */
  readonly connectMs: number;
  /** From the request to the first event that counts as alive. */
  readonly firstTokenMs: number;
  /** Between two events of a stream. */
  readonly idleMs: number;
};

/** What one model is asked. */
export type Ask = {
  /** The model's name on the wire. */
  readonly model: string;
  readonly messages: readonly Message[];
  /**
   * Sent after `messages`, and after those of `wire`: a partial answer to be resumed. Where the last message is the
   * assistant's, the model continues it.
   */
  readonly appended?: readonly Message[] | undefined;
  /** The output limit that is sent: the reserved amount depends on it. */
  readonly maxOutputTokens: number;
  readonly tools?: readonly Tool[] | undefined;
  readonly toolChoice?: ToolChoice | undefined;
  /** Undefined for models that reject sampling parameters. */
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly stop?: readonly string[] | undefined;
  readonly limits: CallLimits;
  readonly wire?: WireRequest | undefined;
};

/** A client's own request, where it speaks a wire format: relayed as it came to a provider of the same format. */
export type WireRequest = {
  readonly format: WireFormat;
  readonly body: Readonly<Record<string, unknown>>;
  /** The same as the client wrote it: unchanged parts of it need not be serialized again. */
  readonly text?: string | undefined;
  /** The client wants the answer in one piece: the wire's own events (`raw`) are of no use to it. */
  readonly inOnePiece?: boolean | undefined;
  /** A part of the body that the fields of `Ask` do not hold, described for its sender: no other format can carry it. */
  readonly untranslatable?: string | undefined;
};
