/**
 * The chat view's entry. The host writes the page, under `default-src 'none'; style-src ${cspSource};
 * font-src ${cspSource}; script-src 'nonce-…'`, in this order:
 *
 * - `<html lang="…">` with VS Code's display language; a `<title>` and `<meta name="viewport" content="width=device-width">`;
 * - `<link rel="stylesheet">` to `dist/webview/codicons/codicon.css`, then to `dist/webview/look.css`;
 * - `<div id="app">`; where there is a translation, `data-l10n` holds the contents of its bundle (optional: without it
 *   the view speaks English);
 * - `<script type="module" nonce="…">` from `dist/webview/chat.js`.
 *
 * It has no style attribute and no inline script. The view says `ready`; nothing is to be sent to it before.
 */
import { config } from "@vscode/l10n";
import { render } from "preact";
import { App } from "./App.tsx";
import { connectHost } from "./host.ts";
import { Store } from "./store.ts";

const root = document.getElementById("app");
if (root !== null) {
  const contents = root.dataset["l10n"];
  if (contents !== undefined && contents !== "") config({ contents });
  const store = new Store(connectHost());
  render(<App store={store} />, root);
  store.start();
}
