import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { type FromView, readFromView, type ToView } from "../../contract/view/protocol.ts";

/** What the view calls when its page sends a message. */
type ViewController = {
  postAll(): Promise<void>;
  /** Called when the view is hidden or closed. */
  pause(): void;
  handle(message: Exclude<FromView, { type: "ready" }>): Promise<void>;
};

/** The chat view: its page, and messages in both directions. */
export class ChatView implements vscode.WebviewViewProvider {
  static readonly id = "switchyard.chat";
  /**
   * A view at the same icon that is never shown, and shows the badge until the chat is shown for the first time in a window:
   * VS Code has no object for it before.
   */
  static readonly #badgeId = "switchyard.badge";

  readonly #extensionUri: vscode.Uri;
  readonly #onError: (error: unknown) => void;
  #controller: ViewController | undefined;
  #view: vscode.WebviewView | undefined;
  #isReady = false;
  #badge: vscode.ViewBadge | undefined;
  #badgeView: vscode.TreeView<never> | undefined;

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

  /** Shows on the view's icon how many answers are ready that the user has not seen. */
  setBadge(count: number): void {
    const tooltip =
      count === 1
        ? vscode.l10n.t("1 answer is ready")
        : vscode.l10n.t("{count} answers are ready", { count });
    this.#badge = count === 0 ? undefined : { value: count, tooltip };
    this.#showBadge();
  }

  #showBadge(): void {
    if (this.#view !== undefined) this.#view.badge = this.#badge;
    else if (this.#badge !== undefined) this.#badgeView ??= createEmptyView(ChatView.#badgeId);
    if (this.#badgeView === undefined) return;
    this.#badgeView.badge = this.#view === undefined ? this.#badge : undefined;
  }

  /** Shows and focuses the view, wherever the user has moved it. */
  async reveal(): Promise<void> {
    await vscode.commands.executeCommand(`${ChatView.id}.focus`);
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    this.#pause();
    this.#showBadge();
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
        if (!view.visible) this.#pause();
      }),
    );
    view.onDidDispose(
      ifCurrent(() => {
        this.#pause();
        this.#view = undefined;
      }),
    );
    view.webview.html = chatPage(view.webview, this.#extensionUri, randomBytes(16).toString("base64url"));
  }

  #pause(): void {
    this.#isReady = false;
    this.#controller?.pause();
  }

  async #receive(received: unknown): Promise<void> {
    const message = readFromView(received);
    if (message === undefined || this.#controller === undefined) return;
    if (message.type !== "ready") return this.#controller.handle(message);
    this.#isReady = true;
    await this.#controller.postAll();
  }
}

function createEmptyView(id: string): vscode.TreeView<never> {
  const treeDataProvider = { getChildren: () => [], getTreeItem: (item: never) => item };
  return vscode.window.createTreeView<never>(id, { treeDataProvider });
}

/**
 * Returns the view's page. Its content security policy allows the extension's style sheets and font, one script by its nonce,
 * and what this script imports: browsers hand the nonce on.
 */
function chatPage(webview: vscode.Webview, extensionUri: vscode.Uri, nonce: string): string {
  const address = (...path: readonly string[]) =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, "dist", "webview", ...path)).toString();
  const policy = [
    ...["default-src 'none'", "base-uri 'none'", "form-action 'none'"],
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    // The small versions of attached images. An image from elsewhere could carry parts of the conversation there.
    "img-src data:",
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
