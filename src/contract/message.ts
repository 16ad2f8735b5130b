/** The messages of a conversation, independent of any provider's format. */

export type Role = "system" | "user" | "assistant" | "tool";

export type TextPart = { readonly type: "text"; readonly text: string };

/** An image; `data` is base64 without the `data:` prefix. */
export type ImagePart = { readonly type: "image"; readonly mediaType: string; readonly data: string };

/** A call that the model asks for. `argumentsJson` is the text of a JSON object, exactly as the model wrote it. */
export type ToolCallPart = {
  readonly type: "toolCall";
  readonly id: string;
  readonly name: string;
  readonly argumentsJson: string;
};

export type ToolResultPart = {
  readonly type: "toolResult";
  /** Id of the call that this answers. */
  readonly id: string;
  readonly text: string;
  readonly isError?: boolean | undefined;
};

/**
 * A model's own reasoning. `signature` is the provider's proof of it: kept verbatim, and dropped when the next
 * attempt goes to another provider.
 */
export type ReasoningPart = {
  readonly type: "reasoning";
  readonly text: string;
  readonly provider: string;
  readonly signature?: string | undefined;
};

export type Part = TextPart | ImagePart | ToolCallPart | ToolResultPart | ReasoningPart;

export type Message = { readonly role: Role; readonly parts: readonly Part[] };

/** The text of a message, without its other parts. */
export function textOf(message: Message): string {
  return message.parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}

/** A message with a single text part. */
export function textMessage(role: Role, text: string): Message {
  return { role, parts: [{ type: "text", text }] };
}
