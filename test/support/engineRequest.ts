import { textMessage } from "../../src/contract/message.ts";
import type { EngineRequest } from "../../src/engine/request.ts";

/** A request with one prompt and no context. */
export function promptRequest(prompt: string, more: Partial<EngineRequest> = {}): EngineRequest {
  return {
    messages: [textMessage("user", prompt)],
    ownWords: prompt,
    characters: prompt.length,
    paths: [],
    isPrivate: false,
    ...more,
  };
}
