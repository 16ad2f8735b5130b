import * as v from "valibot";
import { type ViewState, viewState } from "../../../contract/view/inputMessages.ts";
import { type FromView, readToView, type ToView } from "../../../contract/view/protocol.ts";

/** The editor, as the view sees it. */
export type Host = {
  post(message: FromView): void;
  listen(handler: (message: ToView) => void): void;
  /** What the view saved before it was hidden. */
  saved(): ViewState;
  save(state: ViewState): void;
};

declare function acquireVsCodeApi(): {
  postMessage(message: FromView): void;
  getState(): unknown;
  setState(state: ViewState): void;
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
    saved: () => v.parse(v.fallback(viewState, { draft: "", readings: [], changes: 0 }), api.getState()),
    save: (state) => api.setState(state),
  };
}
