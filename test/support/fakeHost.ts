import { h, render } from "preact";
import type { FromView, ToView, TurnView } from "../../src/contract/view/protocol.ts";
import type { AnswerSummary } from "../../src/contract/view/shown.ts";
import { App } from "../../src/webview/chat/App.tsx";
import type { Host } from "../../src/webview/chat/host.ts";
import type { Saved } from "../../src/webview/chat/saved.ts";
import { Store } from "../../src/webview/chat/store.ts";
import { decision, summary } from "./answers.ts";

/** For tests: the view on a real DOM, beside a host that records what it is asked. */
export class FakeHost implements Host {
  readonly posted: FromView[] = [];
  readonly root: HTMLElement = document.createElement("div");
  state: Saved = { draft: "" };
  #handler: (message: ToView) => void = () => {};

  constructor(saved?: Saved) {
    if (saved !== undefined) this.state = saved;
    document.body.replaceChildren(this.root);
    const store = new Store(this);
    render(h(App, { store }), this.root);
    store.start();
  }

  post(message: FromView): void {
    this.posted.push(message);
  }

  listen(handler: (message: ToView) => void): void {
    this.#handler = handler;
  }

  saved(): Saved {
    return this.state;
  }

  save(saved: Saved): void {
    this.state = saved;
  }

  /** Says something to the view, and waits until it is shown. */
  async say(...messages: readonly ToView[]): Promise<void> {
    for (const message of messages) this.#handler(message);
    await shown();
  }

  find<E extends Element = HTMLElement>(selector: string): E {
    const found = this.root.querySelector<E>(selector);
    if (found === null) throw new Error(`Nothing is ${selector} in ${this.root.innerHTML}`);
    return found;
  }

  /** A button by its name. */
  button(name: string): HTMLButtonElement {
    const buttons = [...this.root.querySelectorAll("button")];
    const found = buttons.find((each) => (each.getAttribute("aria-label") ?? each.textContent) === name);
    if (found === undefined) throw new Error(`No button is named ${name} in ${this.root.innerHTML}`);
    return found;
  }

  get input(): HTMLTextAreaElement {
    return this.find<HTMLTextAreaElement>("textarea");
  }

  async type(text: string): Promise<void> {
    this.input.value = text;
    this.input.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await shown();
  }

  async press(
    key: string,
    init: KeyboardEventInit = {},
    on: Element = document.activeElement ?? this.input,
  ): Promise<void> {
    on.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init }));
    await shown();
  }

  async click(element: Element): Promise<void> {
    element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    await shown();
  }

  /** What was asked of the host, by kind. */
  asked<T extends FromView["type"]>(type: T): Extract<FromView, { type: T }>[] {
    return this.posted.filter((message): message is Extract<FromView, { type: T }> => message.type === type);
  }
}

// jsdom lays nothing out, and so has neither.
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
Element.prototype.scrollIntoView ??= () => {};

/** Until effects and a painting are through. */
export function shown(): Promise<void> {
  return new Promise((resolve) => setTimeout(() => requestAnimationFrame(() => setTimeout(resolve, 5)), 5));
}

export function turn(id: string, prompt: string, answer: Partial<TurnView["answer"]> = {}): TurnView {
  return {
    id,
    atMs: Date.now(),
    prompt: { text: prompt, context: [] },
    answer: { text: "", fallbacks: [], decision: decision(), ...answer },
  };
}

export function conversation(turns: readonly TurnView[], busyTurnId: string | null = null): ToView {
  return {
    type: "conversation",
    conversation: { id: "c", title: "Title", isPrivate: false, turns },
    busyTurnId,
  };
}

/** The end of an answer, as the host tells it. */
export function ended(
  turnId: string,
  change: Partial<AnswerSummary> = {},
): Extract<ToView, { type: "answer" }> {
  return {
    type: "answer",
    turnId,
    busy: false,
    answer: { fallbacks: [], decision: decision(), summary: summary(change) },
  };
}

/** A view that has been told what to show. */
export async function open(...messages: readonly ToView[]): Promise<FakeHost> {
  const host = new FakeHost();
  await host.say({ type: "readiness", readiness: { kind: "ready" } }, ...messages);
  return host;
}

/** A view in which an answer is being written, and this much of it is there. */
export async function writing(text: string = "Because **of"): Promise<FakeHost> {
  const host = await open(conversation([]));
  await host.say({
    type: "turn",
    conversationId: "c",
    title: "Title",
    isPrivate: false,
    turn: turn("t1", "Why?"),
  });
  await host.say({ type: "text", turnId: "t1", text });
  return host;
}
