import { describe, expect, it } from "vitest";
import { conversation, open } from "../../../../test/support/views/fakeHost.ts";

describe("the list of conversations", () => {
  const row = { updatedAtMs: 0, isPrivate: false, answers: 2, nanoUsd: 0, costKind: "exact" } as const;
  const rows = [
    { ...row, id: "a", title: "Alpha" },
    { ...row, id: "b", title: "Beta" },
    { ...row, id: "c", title: "Gamma" },
  ];
  const listed = { type: "conversations", rows, query: "", nowMs: 60_000 } as const;

  it("supports the arrow keys, Enter and Escape", async () => {
    const host = await open(conversation([]), listed);
    expect(document.activeElement).toBe(host.find("input[type=search]"));
    await host.press("ArrowDown");
    await host.press("ArrowDown");
    expect(document.activeElement?.textContent).toBe("Beta");
    await host.click(host.find(":focus"));
    expect(host.postedOf("open")).toEqual([{ type: "open", id: "b" }]);
    await host.press("Escape");
    expect(host.root.querySelector("textarea")).not.toBeNull();
    // The editor sends no updates of a conversation while the list is shown.
    expect(host.posted.at(-1)).toEqual({ type: "open", id: "c" });
  });

  it("deletes by key, moves the focus to the neighbour, and can undo it", async () => {
    const host = await open(listed);
    await host.press("ArrowDown");
    await host.press("Delete");
    expect(document.activeElement?.textContent).toBe("Beta");
    await host.send({ type: "deleted", id: "a", title: "Alpha" });
    expect(host.find("[role=status]").textContent).toBe("“Alpha” deleted");
    expect([...host.root.querySelectorAll(".sy-conv-open")].map((each) => each.textContent)).toEqual([
      "Beta",
      "Gamma",
    ]);
    await host.click(host.button("Undo"));
    expect(host.posted.slice(-2)).toEqual([
      { type: "delete", id: "a" },
      { type: "undelete", id: "a" },
    ]);
    expect(document.activeElement).toBe(host.find("input[type=search]"));
  });

  it("offers to undo a deletion for 12 seconds", async () => {
    const host = await open(listed);
    await host.send({ type: "deleted", id: "a", title: "Alpha" });
    await host.advance(11_999);
    expect(host.button("Undo")).toBeDefined();
    await host.advance(1);
    expect(host.root.querySelector(".sy-toast")).toBeNull();
  });

  it("renames in place with F2 and Enter", async () => {
    const host = await open(listed);
    await host.press("ArrowDown");
    await host.press("F2");
    host.find<HTMLInputElement>(".sy-conv-rename").value = "Aleph";
    await host.press("Enter", {}, host.find(".sy-conv-rename"));
    expect(host.postedOf("rename")).toEqual([{ type: "rename", id: "a", title: "Aleph" }]);
  });

  it("highlights the search words, with any characters and in any case", async () => {
    const host = await open({ ...listed, query: "(alp a)" });
    await host.send({ ...listed, query: "ALP" });
    expect(host.find("mark").textContent).toBe("Alp");
  });

  it("shows a snippet of the text in place of the figures, with its words marked and no HTML from it", async () => {
    const found = { ...row, id: "a", title: "Release", snippet: "… or <b>retry</b> the Retry-After" };
    const host = await open({ ...listed, rows: [found], query: "retry" });
    expect(host.find(".sy-row-sub").textContent).toBe("… or <b>retry</b> the Retry-After");
    expect([...host.root.querySelectorAll("mark")].map((each) => each.textContent)).toEqual([
      "retry",
      "Retry",
    ]);
    expect(host.root.querySelector(".sy-row-sub b")).toBeNull();
  });

  it("groups pinned conversations above the others, and pins and unpins", async () => {
    const [, ...others] = rows.toReversed();
    const host = await open({
      ...listed,
      rows: [{ ...row, id: "c", title: "Gamma", isPinned: true }, ...others],
    });
    expect([...host.root.querySelectorAll("h2")].map((each) => each.textContent)).toEqual([
      "Pinned",
      "Today",
    ]);
    await host.press("ArrowDown");
    await host.click(host.button("Unpin"));
    await host.press("ArrowDown");
    await host.click(host.button("Pin"));
    expect(host.postedOf("pin")).toEqual([
      { type: "pin", id: "c", isPinned: false },
      { type: "pin", id: "b", isPinned: true },
    ]);
  });

  it.each([
    ["running", "Being answered: "],
    ["failed", "Failed: "],
    ["unread", "New answer: "],
  ] as const)("shows that the last answer is %s by an icon with a name", async (status, name) => {
    const host = await open({ ...listed, rows: [{ ...row, id: "a", title: "Alpha", status }] });
    expect(host.find(".sy-conv-open").textContent).toBe(`${name}Alpha`);
    expect(host.root.querySelector(".sy-conv-open .codicon")).not.toBeNull();
  });
});
