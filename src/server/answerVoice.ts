import type { AnswerEvent, AnswerSummary } from "../contract/answer.ts";
import type { WireError } from "./refusal.ts";

/** How an answer reaches its client: as a stream, or in one piece. */
export type AnswerVoice = {
  /** Passes an event on. A promise where the client reads slower than the model writes: it resolves once there is room. */
  say(event: AnswerEvent): Promise<void> | undefined;
  /** The answer is whole. */
  finish(summary: AnswerSummary, createdSeconds: number): void;
  /** The answer will never be whole. False where nothing was sent yet: the client can still be told with a status. */
  tear(error: WireError): boolean;
};
