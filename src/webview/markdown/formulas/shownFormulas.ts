/**
 * Formulas as MathML. The library that makes it is large, and is loaded when the first formula appears. A formula is shown
 * as it was written until then, until it is closed, and if it is wrong.
 */
import * as l10n from "@vscode/l10n";
import type katexNamespace from "katex";
import { whenNearView } from "../whenNearView.ts";
import { sanitizeMath } from "./sanitizeMath.ts";

type Katex = Pick<typeof katexNamespace, "renderToString">;

/** A longer formula is shown as it was written: one of 5,000 characters takes about 20 ms. */
const MAX_LENGTH = 5000;
/** The largest size that a formula can ask for, in em. */
const MAX_SIZE_EM = 20;
/** How often macros are expanded in a formula: definitions can call each other. */
const MAX_EXPANSIONS = 200;
/** A longer formula within a line scrolls sideways if it does not fit. */
const MAX_INLINE_LENGTH = 40;

/** The text of each element whose formula is shown or going to be. */
const sources = new WeakMap<Element, string>();

let katex: Katex | undefined;
let loading: Promise<void> | undefined;

/** Shows the complete formulas in an element as MathML, once the library is loaded. */
export function showFormulas(root: Element): void {
  const formulas = root.matches(".sy-formula") ? [root] : root.querySelectorAll(".sy-formula");
  for (const formula of formulas) {
    if (sources.has(formula)) continue;
    sources.set(formula, formula.textContent);
    whenNearView(formula, showWhenLoaded);
  }
}

/** Whether an element shows, or is going to show, the formula with this text. */
export function showsFormula(element: Element, text: string): boolean {
  return sources.get(element) === text;
}

/** Lets go of an element that gets another text. */
export function forgetFormula(element: Element): void {
  sources.delete(element);
}

/**
 * Resolves when the library is loaded.
 * @internal
 */
export function loadFormulas(): Promise<void> {
  loading ??= import("katex").then(
    (loaded) => {
      katex = loaded.default;
    },
    () => {
      // The formulas stay as they were written; the next one tries again.
      loading = undefined;
    },
  );
  return loading;
}

function showWhenLoaded(element: Element): void {
  if (katex === undefined) void loadFormulas().then(() => show(element));
  else show(element);
}

function show(element: Element): void {
  const source = sources.get(element);
  if (source === undefined || element.textContent !== source || source.length > MAX_LENGTH) return;
  const isDisplay = source.startsWith("$$") || source.startsWith("\\[");
  const math = mathOf(
    source.slice(isDisplay || source.startsWith("\\") ? 2 : 1).replace(/(?:\$\$?|\\[)\]])$/, ""),
    isDisplay,
  );
  if (math === undefined) return;
  // A selection contains this text in place of the symbols, which mean nothing as text.
  const text = document.createElement("span");
  text.className = "sy-formula-source";
  text.setAttribute("aria-hidden", "true");
  text.append(source);
  element.replaceChildren(math, text);
  element.classList.add("sy-formula--math");
  if (!isDisplay && source.length <= MAX_INLINE_LENGTH) return;
  element.classList.add(isDisplay ? "sy-formula--display" : "sy-formula--long");
  element.setAttribute("tabindex", "0");
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", l10n.t("Formula"));
}

/** The MathML of a formula; undefined if it is wrong. */
function mathOf(formula: string, displayMode: boolean): Element | undefined {
  try {
    const html = katex?.renderToString(formula, {
      ...{ displayMode, output: "mathml", throwOnError: true, strict: "ignore", trust: false },
      ...{ maxSize: MAX_SIZE_EM, maxExpand: MAX_EXPANSIONS },
    });
    return html === undefined ? undefined : sanitizeMath(html);
  } catch {
    // Wrong TeX, or nested so deeply that the parser has no stack left: the reader sees what the model wrote.
    return undefined;
  }
}
