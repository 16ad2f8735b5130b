import { useSignal } from "@preact/signals";
import axe from "axe-core";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, describe, expect, it } from "vitest";
import {
  inputAttributes,
  nothingMatches,
  Popup,
  type PopupGroup,
  PopupSearch,
  usePopupList,
} from "./Popup.tsx";

const groups: readonly PopupGroup[] = [
  {
    name: "Commands",
    nameHidden: true,
    entries: [
      { id: "explain", label: "/explain", icon: "comment", detail: "Explain the code" },
      { id: "fix", label: "/fix", icon: "wrench", detail: "Find and fix what is wrong" },
    ],
  },
  {
    name: "Models",
    note: "input / output",
    entries: [
      { id: "sol", label: "sol", figures: <span>$2 / $10</span>, note: "Paused", disabled: true },
      { id: "luna", label: "luna", figures: <span>free</span> },
    ],
  },
];

// jsdom has no layout.
Element.prototype.scrollIntoView ??= () => {};

/** What the view did, in order. */
let done: string[] = [];
const page = document.createElement("div");

/** An input whose text filters a popup above it, until the popup is closed. */
function Field({ search = false }: { readonly search?: boolean }) {
  const text = useSignal("");
  const isOpen = useSignal(true);
  const shown = groups
    .map((group) => ({ ...group, entries: group.entries.filter(({ label }) => label.includes(text.value)) }))
    .filter(({ entries }) => entries.length > 0);
  const list = usePopupList({
    name: "Entries",
    groups: shown,
    query: text.value,
    onTake: ({ id }) => done.push(`take ${id}`),
    onClose: () => {
      isOpen.value = false;
      done.push("close");
    },
  });
  const open = isOpen.value ? list : undefined;
  const filter = (query: string) => {
    text.value = query;
  };
  return (
    <main>
      <h1>Test</h1>
      {open !== undefined && (
        <Popup
          list={open}
          head={search && <PopupSearch list={open} name="Search entries" onQuery={filter} />}
          empty={nothingMatches(text.value)}
          foot="A model that you pick is kept."
        />
      )}
      <textarea
        aria-label="Prompt"
        {...inputAttributes(open)}
        value={text.value}
        onInput={(event) => filter(event.currentTarget.value)}
        onKeyDown={(event) => open?.onKeyDown(event)}
      />
      <button type="button" aria-controls={list.listId}>
        Toggle
      </button>
    </main>
  );
}

async function show(field = <Field />): Promise<void> {
  done = [];
  document.body.replaceChildren(page);
  await act(() => render(field, page));
  if (document.activeElement === document.body) page.querySelector("textarea")?.focus();
}

afterEach(() => render(null, page));

/** Presses a key in the field with the focus. @returns whether the field would handle it too */
async function press(key: string, init: KeyboardEventInit = {}): Promise<boolean> {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init });
  await act(() => {
    document.activeElement?.dispatchEvent(event);
  });
  return !event.defaultPrevented;
}

async function type(text: string): Promise<void> {
  const field = document.activeElement;
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement))
    throw new Error("no field");
  await act(() => {
    field.value = text;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
}

/** The active entry, as the field with the focus tells a screen reader. */
function active(): string | null | undefined {
  const id = document.activeElement?.getAttribute("aria-activedescendant");
  const option = id === null || id === undefined ? null : document.getElementById(id);
  expect(option?.getAttribute("aria-selected")).toBe(option === null ? undefined : "true");
  expect(page.querySelectorAll("[aria-selected=true]")).toHaveLength(option === null ? 0 : 1);
  return option?.querySelector(".sy-row-main")?.textContent;
}

async function findings(): Promise<string[]> {
  const { violations } = await axe.run(page, { rules: { "color-contrast": { enabled: false } } });
  return violations.map(({ id, help }) => `${id}: ${help}`);
}

describe("a popup above the input", () => {
  it("has its first entry active, and the arrow keys move around its ends", async () => {
    await show();
    expect(active()).toBe("/explain");
    await press("ArrowUp");
    expect(active()).toBe("luna");
    await press("ArrowDown");
    expect(active()).toBe("/explain");
    await press("PageDown");
    expect(active()).toBe("luna");
    await press("PageUp");
    expect(active()).toBe("/explain");
    expect(document.activeElement?.tagName).toBe("TEXTAREA");
  });

  it("takes the active entry with Enter and with Tab", async () => {
    await show();
    expect(await press("Enter")).toBe(false);
    await press("ArrowDown");
    expect(await press("Tab")).toBe(false);
    expect(done).toEqual(["take explain", "take fix"]);
  });

  it("leaves keys with a modifier and all other keys to the input", async () => {
    await show();
    expect(await press("Enter", { shiftKey: true })).toBe(true);
    expect(await press("Tab", { shiftKey: true })).toBe(true);
    expect(await press("ArrowDown", { altKey: true })).toBe(true);
    expect(await press("Home")).toBe(true);
    expect(await press("ArrowLeft")).toBe(true);
    expect(done).toEqual([]);
    expect(active()).toBe("/explain");
  });

  it("makes the first entry active after each change of the filter", async () => {
    await show();
    await press("ArrowDown");
    await type("l");
    expect(active()).toBe("/explain");
    await press("ArrowDown");
    await press("ArrowDown");
    expect(active()).toBe("luna");
    await type("lu");
    expect(active()).toBe("luna");
  });

  it("does not take an entry that is disabled, nor starts with it", async () => {
    await show();
    await press("ArrowDown");
    await press("ArrowDown");
    expect(active()).toBe("sol");
    await press("Enter");
    expect(done).toEqual([]);
    await type("o");
    expect(active()).toBe("sol");
    await type("");
    expect(active()).toBe("/explain");
  });

  it("closes on Escape, and the input keeps its text and the focus", async () => {
    await show();
    await type("lu");
    expect(await press("Escape")).toBe(false);
    expect(done).toEqual(["close"]);
    expect(page.querySelector("[role=listbox]")).toBeNull();
    expect(page.querySelector("textarea")?.value).toBe("lu");
    expect(document.activeElement).toBe(page.querySelector("textarea"));
    expect(await press("Enter")).toBe(true);
  });

  it("leaves Enter to the input, and shows why, while nothing matches", async () => {
    await show();
    await type("zzz");
    expect(active()).toBeUndefined();
    expect(page.textContent).toContain("Nothing matches “zzz”.");
    expect(await press("Enter")).toBe(true);
    expect(await findings()).toEqual([]);
  });

  it("takes an entry by mouse without moving the focus, and closes on a press elsewhere", async () => {
    await show();
    const [first, , disabled] = page.querySelectorAll("[role=option]");
    const down = new MouseEvent("mousedown", { bubbles: true, cancelable: true });
    first?.dispatchEvent(down);
    expect(down.defaultPrevented).toBe(true);
    for (const option of [first, disabled]) {
      await act(() => {
        option?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
      });
    }
    const pressOn = (selector: string) =>
      act(() => {
        page.querySelector(selector)?.dispatchEvent(new Event("pointerdown", { bubbles: true }));
      });
    await pressOn("[role=option]");
    await pressOn("button");
    expect(done).toEqual(["take explain"]);
    await pressOn("h1");
    expect(done).toEqual(["take explain", "close"]);
  });

  it("has no accessibility findings, with groups, figures and notes", async () => {
    await show();
    expect(await findings()).toEqual([]);
  });
});

describe("a popup with a filter field of its own", () => {
  it("gives the field the focus and filters by it", async () => {
    await show(<Field search />);
    expect(document.activeElement).toBe(page.querySelector("input"));
    await type("luna");
    expect(active()).toBe("luna");
    await press("Enter");
    await press("Escape");
    expect(done).toEqual(["take luna", "close"]);
  });

  it("has no accessibility findings", async () => {
    await show(<Field search />);
    expect(await findings()).toEqual([]);
  });
});
