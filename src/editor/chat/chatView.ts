import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { type FromView, readFromView, type ToView } from "../../contract/view/protocol.ts";

/** What the view calls when its page sends a message. */
type ViewController = {
  postAll(): Promise<void>;
  handle(message: Exclude<FromView, { type: "ready" }>): Promise<void>;
};

/** The chat view: its page, and messages in both directions. */
export class ChatView implements vscode.WebviewViewProvider {
  static readonly id = "switchyard.chat";

  readonly #extensionUri: vscode.Uri;
  readonly #onError: (error: unknown) => void;
  #controller: ViewController | undefined;
  #view: vscode.WebviewView | undefined;
  #isReady = false;

  constructor(extensionUri: vscode.Uri, onError: (error: unknown) => void) {
    this.#extensionUri = extensionUri;
    this.#onError = onError;
  }

  /** Sets the controller, which is built with the view it posts to. */
  connect(controller: ViewController): void {
    this.#controller = controller;
  }

  /** Whether messages arrive: false until the page has loaded, and while the view is hidden. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Posts to the view if it is ready. Otherwise the message is dropped: a view receives everything when it has loaded. */
  post(message: ToView): void {
    if (this.#isReady) void this.#view?.webview.postMessage(message);
  }

  /** Shows and focuses the view, wherever the user has moved it. */
  async reveal(): Promise<void> {
    await vscode.commands.executeCommand(`${ChatView.id}.focus`);
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    this.#isReady = false;
    view.webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(this.#extensionUri, "dist", "webview")],
    };
    view.webview.onDidReceiveMessage((message: unknown) => {
      if (this.#view === view) void this.#receive(message).catch(this.#onError);
    });
    // A view that the user moves may be replaced by another one before it is hidden and disposed.
    const ifCurrent = (change: () => void) => () => {
      if (this.#view === view) change();
    };
    // VS Code discards a hidden view's page and loads it again when the view is shown.
    view.onDidChangeVisibility(
      ifCurrent(() => {
        if (!view.visible) this.#isReady = false;
      }),
    );
    view.onDidDispose(
      ifCurrent(() => {
        this.#isReady = false;
        this.#view = undefined;
      }),
    );
    view.webview.html = chatPage(view.webview, this.#extensionUri, randomBytes(16).toString("base64url"));
  }

  async #receive(received: unknown): Promise<void> {
    const message = readFromView(received);
    if (message === undefined || this.#controller === undefined) return;
    if (message.type !== "ready") return this.#controller.handle(message);
    this.#isReady = true;
    await this.#controller.postAll();
  }
}

/** Returns the view's page. Its content security policy allows two style sheets, one font, and one script by its nonce. */
function chatPage(webview: vscode.Webview, extensionUri: vscode.Uri, nonce: string): string {
  const address = (...path: readonly string[]) =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, "dist", "webview", ...path)).toString();
  const policy = [
    "default-src 'none'",
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join("; ");
  return `<!doctype html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Switchyard</title>
<link rel="stylesheet" href="${address("codicons", "codicon.css")}">
<link rel="stylesheet" href="${address("look.css")}">
</head>
<body>
<div id="app"></div>
<script type="module" nonce="${nonce}" src="${address("chat.js")}"></script>
</body>
</html>`;
}
