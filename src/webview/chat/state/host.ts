import * as v from "valibot";
import { type FromView, readToView, type ToView } from "../../../contract/view/protocol.ts";

/** The editor, as the view sees it. */
export type Host = {
  post(message: FromView): void;
  listen(handler: (message: ToView) => void): void;
  /** What the view saved before it was hidden. */
  saved(): Saved;
  save(saved: Saved): void;
};

/** What is at the upper edge: the article by its index, and how many pixels of it are above. */
const readingPosition = v.object({ article: v.number(), offset: v.number() });

/** What a view keeps while it is hidden: the draft, and the scroll position in a conversation. */
const savedSchema = v.object({
  draft: v.fallback(v.string(), ""),
  /** Undefined while the view follows the end of the conversation. */
  reading: v.fallback(
    v.optional(v.object({ conversationId: v.string(), ...readingPosition.entries })),
    undefined,
  ),
});

export type ReadingPosition = Readonly<v.InferOutput<typeof readingPosition>>;
export type Saved = Readonly<v.InferOutput<typeof savedSchema>>;

declare function acquireVsCodeApi(): {
  postMessage(message: FromView): void;
  getState(): unknown;
  setState(state: Saved): void;
};

/** Connects to VS Code. VS Code allows one call per page. */
export function connectHost(): Host {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    listen: (handler) => {
      window.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
        const message = readToView(data);
        if (message !== undefined) handler(message);
      });
    },
    saved: () => v.parse(v.fallback(savedSchema, { draft: "" }), api.getState()),
    save: (saved) => api.setState(saved),
  };
}
