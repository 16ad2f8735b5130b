import type { FromView, ToView } from "../../contract/view/protocol.ts";
import { isToView } from "./messages.ts";
import { readSaved, type Saved } from "./saved.ts";

/** The editor's side, as the view sees it. */
export type Host = {
  post(message: FromView): void;
  listen(handler: (message: ToView) => void): void;
  /** What the view keeps while it is not shown. */
  saved(): Saved;
  save(saved: Saved): void;
};

declare function acquireVsCodeApi(): {
  postMessage(message: FromView): void;
  getState(): unknown;
  setState(state: Saved): void;
};

/** Connects to VS Code; may be called once. */
export function connectHost(): Host {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    listen: (handler) => {
      window.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
        if (isToView(data)) handler(data);
      });
    },
    saved: () => readSaved(api.getState()),
    save: (saved) => api.setState(saved),
  };
}
