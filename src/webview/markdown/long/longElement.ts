import { groupParts, lastGroup } from "./longGroups.ts";

/** The element of a block that is shown in parts: nodes that are done are never visited again. */
export class LongElement {
  #element: Element;
  /** Holds the last parts: items of a list, rows of a table, text of a paragraph. */
  #parent: Element;
  #lastDone: Node | null;

  /** `element`: the block with the first part of it that is done, and nothing else. */
  constructor(element: Element) {
    this.#element = element;
    this.#parent = lastGroup(element);
    this.#lastDone = this.#parent.lastChild;
  }

  /** Another one when the block gets its first groups. */
  get element(): Element {
    return this.#element;
  }

  /**
   * Shows what follows what is done: the next part that is done, and the rest, each in a block of its own. `replace` puts
   * an element in the place of an old one, and returns what is shown.
   * @returns the elements of both
   */
  show(
    done: Element | undefined,
    rest: Element,
    replace: (old: Element, next: Element) => Element,
  ): { readonly done: readonly Element[]; readonly rest: readonly Element[] } {
    const doneNodes = done === undefined ? [] : this.#partsOf(done);
    if (this.#lastDone instanceof Text && doneNodes[0] instanceof Text) {
      this.#lastDone.data += doneNodes[0].data;
      doneNodes.shift();
    }
    const shown: Node[] = [];
    let old = this.#lastDone?.nextSibling ?? null;
    for (const node of [...doneNodes, ...this.#partsOf(rest)]) {
      const following: ChildNode | null = old?.nextSibling ?? null;
      shown.push(old === null ? this.#parent.appendChild(node) : replaceNode(old, node, replace));
      old = following;
    }
    while (old !== null) {
      const surplus = old;
      old = old.nextSibling;
      surplus.remove();
    }
    this.#lastDone = shown[doneNodes.length - 1] ?? this.#lastDone;
    this.#groupParts();
    return {
      done: shown.slice(0, doneNodes.length).filter((node) => node instanceof Element),
      rest: shown.slice(doneNodes.length).filter((node) => node instanceof Element),
    };
  }

  #groupParts(): void {
    this.#element = groupParts(this.#element, this.#lastDone);
    this.#parent = lastGroup(this.#element);
    // A sentence may begin a group within the last text that is done.
    if (!this.#parent.contains(this.#lastDone)) this.#lastDone = this.#parent.firstChild;
  }

  /** The nodes of a part. The line break that a list begins with is there already. */
  #partsOf(part: Element): ChildNode[] {
    const nodes = [...contentOf(part).childNodes];
    return part.localName !== "p" && nodes[0] instanceof Text ? nodes.slice(1) : nodes;
  }
}

function contentOf(block: Element): Element {
  return block.querySelector(":scope > table > tbody") ?? block;
}

function replaceNode(
  old: ChildNode,
  next: ChildNode,
  replace: (old: Element, next: Element) => Element,
): Node {
  if (old instanceof Element && next instanceof Element) return replace(old, next);
  if (old instanceof Text && next instanceof Text) {
    old.data = next.data;
    return old;
  }
  old.replaceWith(next);
  return next;
}
