import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { FromView, ToView } from "../../contract/view/protocol.ts";
import { readFromView } from "./fromView.ts";
import { chatPage } from "./page.ts";

/** What the view asks of its host. */
export type ChatHost = {
  /** The view is there, with nothing in it: it is told everything. */
  ready(): Promise<void>;
  handle(message: Exclude<FromView, { type: "ready" }>): Promise<void>;
};

/** The webview in the sidebar: its page, and messages both ways. Nothing is posted before the view says `ready`. */
export class ChatView implements vscode.WebviewViewProvider {
  static readonly id = "switchyard.chat";

  readonly #extensionUri: vscode.Uri;
  readonly #onError: (error: unknown) => void;
  #host: ChatHost | undefined;
  #view: vscode.WebviewView | undefined;
  #isReady = false;

  constructor(extensionUri: vscode.Uri, onError: (error: unknown) => void) {
    this.#extensionUri = extensionUri;
    this.#onError = onError;
  }

  /** Hands over the host, which needs the view to post to. */
  connect(host: ChatHost): void {
    this.#host = host;
  }

  /** Posts to the view; while it is not there nothing is lost, for it is told everything when it is ready. */
  post(message: ToView): void {
    if (this.#isReady) void this.#view?.webview.postMessage(message);
  }

  /** Shows the view, wherever the user has put it. */
  async show(): Promise<void> {
    await vscode.commands.executeCommand(`${ChatView.id}.focus`);
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    this.#isReady = false;
    view.webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(this.#extensionUri, "dist", "webview")],
    };
    view.webview.onDidReceiveMessage((message: unknown) => void this.#receive(message).catch(this.#onError));
    view.onDidDispose(() => {
      this.#isReady = false;
      this.#view = undefined;
    });
    view.webview.html = chatPage(view.webview, this.#extensionUri, randomBytes(16).toString("base64url"));
  }

  async #receive(received: unknown): Promise<void> {
    const message = readFromView(received);
    if (message === undefined || this.#host === undefined) return;
    if (message.type !== "ready") return this.#host.handle(message);
    this.#isReady = true;
    await this.#host.ready();
  }
}
