/**
 * The parts of a long block in groups, which are not laid out while they are far outside the view: a token of a long list
 * costs no more than one of a short list (`npm run bench streaming`). Parts are the items of a list, the rows of a table,
 * and the sentences of a paragraph.
 */

/** So many items or rows are in a group. */
const GROUP_PARTS = 100;
/** A group of sentences has at least so many characters of plain text. */
const GROUP_LENGTH = 8000;

const GROUP_CLASS = "sy-md-group";
const sentenceEnd = /(?:[.!?…]\s+|[。！？]\s*)(?=\S)/g;

/** The element to which the next part of a block is added: its last group, or what holds its parts. */
export function lastGroup(block: Element): Element {
  const last = block.lastElementChild;
  if (last?.classList.contains(GROUP_CLASS)) return last;
  return last instanceof HTMLTableElement ? (last.tBodies.item(last.tBodies.length - 1) ?? block) : block;
}

/**
 * Moves the parts that are too many for the last group of a block into new groups. They are the same however the block
 * has grown.
 * @param last the last part that can begin a group; null: every part
 * @returns the element that is in the place of the block
 */
export function groupParts(block: Element, last: Node | null = null): Element {
  const group = lastGroup(block);
  const firsts = firstParts(group, last);
  if (firsts.length === 0) return block;
  if (group.localName === "tbody") keepColumns(group);
  const shown = group === block ? withGroup(block) : block;
  let before = lastGroup(shown);
  const nodes = [...before.childNodes];
  const starts = firsts.map((first) => nodes.indexOf(first));
  for (const [index, start] of starts.entries()) {
    const next = groupAfter(before);
    next.append(...nodes.slice(start, starts[index + 1]));
    before = next;
  }
  return shown;
}

/** The parts of the last group with which new groups begin. */
function firstParts(group: Element, last: Node | null): ChildNode[] {
  switch (group.localName) {
    case "ul":
    case "ol":
    case "tbody": {
      const parts = [...group.children];
      const firsts = parts.filter((_, index) => index > 0 && index % GROUP_PARTS === 0);
      return firsts.filter((first) => last === null || !isBefore(last, first));
    }
    case "p":
    case "span":
      return firstSentences(group, last);
    default:
      return [];
  }
}

/** Text inside formatting does not count: formulas show another text than they have. */
function firstSentences(group: Element, last: Node | null): ChildNode[] {
  if (group.textContent.length < GROUP_LENGTH) return [];
  // A sentence may end where a part of the paragraph did.
  if (last === null) group.normalize();
  const firsts: ChildNode[] = [];
  let lastDone = last;
  let length = 0;
  for (let node = group.firstChild; node !== null; node = node.nextSibling) {
    if (node instanceof Text) {
      sentenceEnd.lastIndex = Math.max(0, GROUP_LENGTH - length);
      const end = sentenceEnd.exec(node.data);
      length += node.length;
      if (end !== null) {
        const first = node.splitText(end.index + end[0].length);
        firsts.push(first);
        length = 0;
        if (node === lastDone) lastDone = first;
      }
    }
    if (node === lastDone) break;
  }
  return firsts;
}

function isBefore(node: Node, other: Node): boolean {
  return (node.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
}

/** Makes what a block holds its first group. */
function withGroup(block: Element): Element {
  if (block.localName === "p") {
    const group = document.createElement("span");
    group.className = GROUP_CLASS;
    group.append(...block.childNodes);
    block.append(group);
    return block;
  }
  const list = document.createElement("div");
  block.replaceWith(list);
  list.dir = block.getAttribute("dir") ?? "";
  block.removeAttribute("dir");
  block.classList.add(GROUP_CLASS);
  list.append(block);
  return list;
}

function groupAfter(before: Element): Element {
  const group = before.cloneNode(false) as Element;
  if (before.localName === "ol") {
    group.setAttribute("start", `${Number(before.getAttribute("start") ?? 1) + GROUP_PARTS}`);
  }
  before.after(group);
  return group;
}

/** Gives the columns of a table the widths that they have now: the groups of rows are laid out apart. */
function keepColumns(rows: Element): void {
  const table = rows.closest("table");
  if (table === null || table.classList.contains("sy-long-table")) return;
  const widths = [...table.querySelectorAll("th")].map((cell) => cell.getBoundingClientRect().width);
  const isWide = table.offsetWidth > (table.parentElement?.clientWidth ?? 0);
  const columns = widths.map((width) => `minmax(${isWide ? width : 0}px, ${Math.max(1, width)}fr)`);
  table.style.setProperty("--sy-columns", columns.join(" "));
  table.classList.add("sy-long-table");
}
