import { beforeEach, describe, expect, it, vi } from "vitest";
import type * as vscode from "vscode";
import { window as vscodeWindow } from "../../../test/support/views/fakeVscode.ts";
import { ChatView } from "./chatView.ts";

vi.mock("vscode", () => import("../../../test/support/views/fakeVscode.ts"));

/** A webview view that is shown and hidden by the test. */
function fakeWebviewView() {
  const listeners: { message: (message: unknown) => void; visibility: () => void; dispose: () => void } = {
    message: () => {},
    visibility: () => {},
    dispose: () => {},
  };
  const posted: unknown[] = [];
  const view = {
    visible: true,
    badge: undefined as vscode.ViewBadge | undefined,
    webview: {
      options: {},
      html: "",
      cspSource: "https://csp.test",
      asWebviewUri: (uri: string) => uri,
      postMessage: async (message: unknown) => posted.push(message),
      onDidReceiveMessage: (listener: (message: unknown) => void) => {
        listeners.message = listener;
      },
    },
    onDidChangeVisibility: (listener: () => void) => {
      listeners.visibility = listener;
    },
    onDidDispose: (listener: () => void) => {
      listeners.dispose = listener;
    },
  };
  return {
    view,
    posted,
    dispose: () => listeners.dispose(),
    receive: (message: unknown) => listeners.message(message),
    setVisible: (visible: boolean) => {
      view.visible = visible;
      listeners.visibility();
    },
  };
}

describe("ChatView", () => {
  let fake: ReturnType<typeof fakeWebviewView>;
  let view: ChatView;
  let handled: unknown[];
  /** How often the view told its controller that nothing is to be read for it. */
  let pauses: number;

  beforeEach(() => {
    fake = fakeWebviewView();
    handled = [];
    pauses = 0;
    view = new ChatView("extension" as unknown as vscode.Uri, (error) => {
      throw error;
    });
    view.connect({
      postAll: async () => view.post({ type: "focus" }),
      pause: () => {
        pauses += 1;
      },
      handle: async (message) => void handled.push(message),
    });
    view.resolveWebviewView(fake.view as unknown as vscode.WebviewView);
  });

  it("posts nothing before its page has loaded, and everything then", () => {
    view.post({ type: "input", text: "early" });
    expect(fake.posted).toEqual([]);
    fake.receive({ type: "ready" });
    expect(fake.posted).toEqual([{ type: "focus" }]);
  });

  it("posts nothing while it is hidden, and everything when its page has loaded again", () => {
    fake.receive({ type: "ready" });
    fake.setVisible(false);
    expect(view.isReady).toBe(false);
    view.post({ type: "input", text: "hidden" });
    fake.setVisible(true);
    expect(view.isReady).toBe(false);
    fake.receive({ type: "ready" });
    expect(fake.posted).toEqual([{ type: "focus" }, { type: "focus" }]);
  });

  it("keeps posting to a moved view when the page at its old place is hidden and disposed afterwards", () => {
    fake.receive({ type: "ready" });
    const moved = fakeWebviewView();
    view.resolveWebviewView(moved.view as unknown as vscode.WebviewView);
    moved.receive({ type: "ready" });
    fake.setVisible(false);
    fake.receive({ type: "stop" });
    fake.dispose();
    view.post({ type: "input", text: "here" });
    expect(handled).toEqual([]);
    expect(moved.posted).toEqual([{ type: "focus" }, { type: "input", text: "here" }]);
  });

  it("lets its controller pause when it is hidden or closed", () => {
    fake.receive({ type: "ready" });
    pauses = 0;
    fake.setVisible(false);
    expect(pauses).toBe(1);
    fake.setVisible(true);
    expect(pauses).toBe(1);
    fake.dispose();
    expect(pauses).toBe(2);
  });

  it("shows how many answers are ready on its icon, also while it is hidden and after it was moved", () => {
    fake.setVisible(false);
    view.setBadge(1);
    expect(fake.view.badge).toEqual({ value: 1, tooltip: "1 answer is ready" });
    const moved = fakeWebviewView();
    view.resolveWebviewView(moved.view as unknown as vscode.WebviewView);
    expect(moved.view.badge?.value).toBe(1);
    view.setBadge(2);
    expect(moved.view.badge).toEqual({ value: 2, tooltip: "2 answers are ready" });
    view.setBadge(0);
    expect(moved.view.badge).toBeUndefined();
  });

  it("shows it before the chat was shown in the window, through a view that is always hidden", () => {
    const unseen = new ChatView("extension" as unknown as vscode.Uri, () => {});
    const hidden: { badge?: vscode.ViewBadge | undefined } = {};
    Object.assign(vscodeWindow, { createTreeView: () => hidden });
    unseen.setBadge(1);
    expect(hidden.badge?.value).toBe(1);
    unseen.resolveWebviewView(fake.view as unknown as vscode.WebviewView);
    expect(hidden.badge).toBeUndefined();
    expect(fake.view.badge?.value).toBe(1);
  });

  it("ignores messages that are not part of the protocol", () => {
    fake.receive({ type: "stop" });
    fake.receive({ type: "deleteEverything" });
    fake.receive("stop");
    expect(handled).toEqual([{ type: "stop" }]);
  });

  it("allows scripts by a nonce only, a new one for each page", () => {
    const nonceOf = (html: string) => /script-src 'nonce-([\w-]+)'/.exec(html)?.[1];
    const first = nonceOf(fake.view.webview.html);
    expect(fake.view.webview.html).toContain("default-src 'none'; base-uri 'none'; form-action 'none'");
    expect(fake.view.webview.html).toContain(`<script type="module" nonce="${first}"`);
    view.resolveWebviewView(fake.view as unknown as vscode.WebviewView);
    expect(nonceOf(fake.view.webview.html)).not.toBe(first);
  });
});
