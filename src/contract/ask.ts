import type { Message } from "./message.ts";

export type WireFormat = "openai" | "anthropic";

/** A tool that the model may call; `parametersSchema` is a JSON schema. */
export type Tool = {
  readonly name: string;
  readonly description?: string;
  readonly parametersSchema: Readonly<Record<string, unknown>>;
};

export type ToolChoice = "auto" | "none" | "required" | { readonly name: string };

/** How long each phase of a call may take. */
export type CallLimits = {
  /** Until the connection stands. */
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
   * Come after `messages`, and after those of `wire`: a torn answer's text, to be gone on with. Where the last one is the
   * assistant's, the model continues it.
   */
  readonly appended?: readonly Message[];
  /** The output limit that is sent: what the money reserved depends on it. */
  readonly maxOutputTokens: number;
  readonly tools?: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  /** Left out for models that refuse sampling parameters. */
  readonly temperature?: number;
  readonly topP?: number;
  readonly stop?: readonly string[];
  readonly limits: CallLimits;
  /** The client's own body, where it speaks a wire format: relayed as it came to a provider of the same format. */
  readonly wire?: {
    readonly format: WireFormat;
    readonly body: Readonly<Record<string, unknown>>;
    /** The same as it was written: what of it is sent on need not be written anew. */
    readonly text?: string;
    /** The client wants the answer in one piece: the wire's own events (`raw`) are of no use. */
    readonly inOnePiece?: boolean;
    /** What of the body is not in the fields above, in words for its sender: it goes to no other format. */
    readonly untranslatable?: string;
  };
};
