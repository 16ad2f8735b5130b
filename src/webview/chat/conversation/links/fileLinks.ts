import * as l10n from "@vscode/l10n";
import { readPathReference } from "../../../../base/paths/pathReference.ts";
import { MAX_CHECKED_PATHS } from "../../../../contract/view/codeMessages.ts";
import type { FromView } from "../../../../contract/view/protocol.ts";
import { whenNearView } from "../../../markdown/whenNearView.ts";
import type { Scheduler } from "../../../scheduler.ts";

/** The names of one paint are checked together. */
const GATHER_MS = 50;
const MAX_KNOWN = 5_000;

/** Where an answer may name a file: code in a sentence, a link without an address of the web, the head of a code block. */
const NAMING = ":not(pre) > code, .sy-path, .sy-code-name[title]";

/** Turns the names of files in finished answers into links, after the editor has found the files in the workspace. */
export class FileLinks {
  readonly #post: (message: FromView) => void;
  readonly #scheduler: Scheduler;
  readonly #found = new Set<string>();
  /** The elements that show a name whose check is not answered yet. */
  readonly #waiting = new Map<string, Set<Element>>();
  #gathered: string[] = [];

  constructor(post: (message: FromView) => void, scheduler: Scheduler) {
    this.#post = post;
    this.#scheduler = scheduler;
  }

  /** Looks for names in a finished block, once it comes near the visible part. */
  add(block: Element): void {
    if (block.querySelector(NAMING) === null) return;
    whenNearView(block, () => {
      for (const element of block.querySelectorAll(NAMING)) this.#addName(element);
    });
  }

  /** Links the names that are files. */
  receive(checked: readonly string[], found: readonly string[]): void {
    if (this.#found.size > MAX_KNOWN) this.#found.clear();
    for (const name of found) {
      this.#found.add(name);
      for (const element of this.#waiting.get(name) ?? []) link(element, name);
    }
    for (const name of checked) this.#waiting.delete(name);
  }

  #addName(element: Element): void {
    const name = element.getAttribute("title") ?? element.textContent.trim();
    if (readPathReference(name) === undefined) return;
    const waiting = this.#waiting.get(name);
    if (this.#found.has(name)) {
      link(element, name);
    } else if (waiting !== undefined) {
      waiting.add(element);
    } else {
      this.#waiting.set(name, new Set([element]));
      if (this.#gathered.length === 0) this.#scheduler.after(GATHER_MS, () => this.#check());
      this.#gathered.push(name);
    }
  }

  #check(): void {
    const names = this.#gathered;
    this.#gathered = [];
    for (let start = 0; start < names.length; start += MAX_CHECKED_PATHS) {
      this.#post({ type: "checkPaths", names: names.slice(start, start + MAX_CHECKED_PATHS) });
    }
  }
}

/** Makes what shows a name a link that opens the file. A click is handled by `handleAnswerClick`. */
function link(element: Element, name: string): void {
  if (element.closest("a") !== null || element.querySelector("a") !== null) return;
  const anchor = document.createElement("a");
  anchor.className = "sy-file";
  anchor.href = "#";
  anchor.dataset["file"] = name;
  anchor.title = l10n.t("Open {name}", { name });
  if (element.localName === "code") {
    element.replaceWith(anchor);
    anchor.append(element);
    return;
  }
  anchor.append(...element.childNodes);
  element.removeAttribute("title");
  element.append(anchor);
}
