import { h, render } from "preact";
import { act } from "preact/test-utils";
import type { TurnView } from "../../../src/contract/view/conversationMessages.ts";
import type { ViewState } from "../../../src/contract/view/inputMessages.ts";
import type { FromView, ToView } from "../../../src/contract/view/protocol.ts";
import type { AnswerSummary } from "../../../src/contract/view/types.ts";
import { App } from "../../../src/webview/chat/App.tsx";
import type { Host } from "../../../src/webview/chat/state/host.ts";
import { Store } from "../../../src/webview/chat/state/store.ts";
import { decision, summary } from "../answers.ts";
import { FakeScheduler } from "./fakeScheduler.ts";

/** The chat view on jsdom's page, with a host that records what the view posts, and a clock that the test drives. */
export class FakeHost implements Host {
  readonly posted: FromView[] = [];
  readonly root: HTMLElement = document.createElement("div");
  readonly scheduler: FakeScheduler = new FakeScheduler();
  state: ViewState;
  #handler: (message: ToView) => void = () => {};

  /** Use `FakeHost.start`. */
  private constructor(saved: ViewState) {
    this.state = saved;
  }

  /** Shows a view that has received nothing yet. */
  static async start(saved: ViewState = { draft: "", readings: [], changes: 0 }): Promise<FakeHost> {
    const host = new FakeHost(saved);
    document.body.replaceChildren(host.root);
    await host.settle(() => {
      const store = new Store(host, host.scheduler);
      render(h(App, { store }), host.root);
      store.start();
    });
    return host;
  }

  post(message: FromView): void {
    this.posted.push(message);
  }

  listen(handler: (message: ToView) => void): void {
    this.#handler = handler;
  }

  saved(): ViewState {
    return this.state;
  }

  save(saved: ViewState): void {
    this.state = saved;
  }

  /** Sends messages to the view, and returns when they are shown. */
  async send(...messages: readonly ToView[]): Promise<void> {
    await this.settle(() => {
      for (const message of messages) this.#handler(message);
    });
  }

  /** Does something, then runs every effect and draws frames until the view no longer changes. */
  async settle(action: () => void): Promise<void> {
    await act(action);
    while (this.scheduler.hasFrames) await act(() => this.scheduler.drawFrame());
  }

  /** Lets time pass. */
  async advance(ms: number): Promise<void> {
    await this.settle(() => this.scheduler.advance(ms));
  }

  find<E extends Element = HTMLElement>(selector: string): E {
    const found = this.root.querySelector<E>(selector);
    if (found === null) throw new Error(`No element matches ${selector} in ${this.root.innerHTML}`);
    return found;
  }

  /** The button with an accessible name. */
  button(name: string): HTMLButtonElement {
    const buttons = [...this.root.querySelectorAll("button")];
    const found = buttons.find(
      (button) => (button.getAttribute("aria-label") ?? button.textContent) === name,
    );
    if (found === undefined) throw new Error(`No button is named ${name} in ${this.root.innerHTML}`);
    return found;
  }

  get input(): HTMLTextAreaElement {
    return this.find<HTMLTextAreaElement>("textarea");
  }

  async type(text: string): Promise<void> {
    await this.settle(() => {
      this.input.value = text;
      this.input.dispatchEvent(new InputEvent("input", { bubbles: true }));
    });
  }

  async press(
    key: string,
    init: KeyboardEventInit = {},
    on: Element = document.activeElement ?? this.input,
  ): Promise<void> {
    await this.settle(() =>
      on.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init })),
    );
  }

  async click(element: Element): Promise<void> {
    await this.settle(() =>
      element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true })),
    );
  }

  /** The posted messages of one type. */
  postedOf<T extends FromView["type"]>(type: T): Extract<FromView, { type: T }>[] {
    return this.posted.filter((message): message is Extract<FromView, { type: T }> => message.type === type);
  }
}

// jsdom has no layout, and therefore neither of these.
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
Element.prototype.scrollIntoView ??= () => {};

export function turn(id: string, prompt: string, answer: Partial<TurnView["answer"]> = {}): TurnView {
  return {
    id,
    atMs: FakeScheduler.startMs,
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

/** The message that an answer has ended. */
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

/** A view that has received these messages. */
export async function open(...messages: readonly ToView[]): Promise<FakeHost> {
  const host = await FakeHost.start();
  await host.send({ type: "readiness", readiness: { kind: "ready" } }, ...messages);
  return host;
}

/** A view in which an answer is being written, with this text so far. */
export async function writing(text: string = "Because **of"): Promise<FakeHost> {
  const host = await open(conversation([]));
  await host.send({
    type: "turn",
    conversationId: "c",
    title: "Title",
    isPrivate: false,
    turn: turn("t1", "Why?"),
  });
  await host.send({ type: "text", turnId: "t1", text });
  return host;
}
