import { afterEach, describe, expect, it } from "vitest";
import { summary } from "../../../../../test/support/answers.ts";
import {
  conversation,
  type FakeHost,
  open,
  turn,
  writing,
} from "../../../../../test/support/views/fakeHost.ts";

afterEach(() => document.body.replaceChildren());

async function answered(text: string): Promise<FakeHost> {
  const host = await open(conversation([turn("t1", "q", { text, summary: summary() })]));
  await host.advance(100);
  return host;
}

function menuItems(host: FakeHost): (string | null)[] {
  return [...host.root.querySelectorAll("[role=menuitem]")].map(({ textContent }) => textContent);
}

describe("the buttons of a code block", () => {
  it("send the code with its language, its file and the text before it", async () => {
    const host = await answered("Change `lib/b.ts`:\n\n```ts src/a.ts\nrun();\n```");
    await host.click(host.button("Apply as a diff"));
    expect(host.postedOf("useCode")).toEqual([
      {
        type: "useCode",
        use: "apply",
        code: { text: "run();", language: "ts", file: "src/a.ts", before: "Change lib/b.ts:" },
        turnId: "t1",
      },
    ]);
  });

  it("copy what is there while the code grows, and do nothing else with it", async () => {
    const host = await writing("```ts\nrun(");
    await host.click(host.button("Copy"));
    await host.click(host.button("Insert at cursor"));
    await host.click(host.button("Apply as a diff"));
    expect(host.postedOf("copy")).toEqual([{ type: "copy", text: "run(" }]);
    expect(host.postedOf("useCode")).toEqual([]);
  });

  it("offer the terminal for the languages of shells only", async () => {
    const host = await answered("```ts\nrun();\n```");
    await host.click(host.button("More: create file"));
    expect(menuItems(host)).toEqual(["Create file…"]);
    const shell = await answered("```bash\nnpm test\n```");
    await shell.click(shell.button("More: create file, run in terminal"));
    expect(menuItems(shell)).toEqual(["Create file…", "Run in terminal"]);
  });
});

describe("the menu of a code block", () => {
  const more = "More: create file, run in terminal";

  it("is used by keyboard, and returns the focus to its button", async () => {
    const host = await answered("```bash\nnpm test\n```");
    await host.click(host.button(more));
    expect(host.button(more).getAttribute("aria-expanded")).toBe("true");
    expect(document.activeElement?.textContent).toBe("Create file…");
    await host.press("ArrowDown");
    expect(document.activeElement?.textContent).toBe("Run in terminal");
    await host.press("ArrowDown");
    expect(document.activeElement?.textContent).toBe("Create file…");
    await host.press("End");
    if (document.activeElement !== null) await host.click(document.activeElement);
    expect(host.postedOf("useCode").map(({ use }) => use)).toEqual(["run"]);
    expect(menuItems(host)).toEqual([]);
    expect(document.activeElement).toBe(host.button(more));
  });

  it("is closed by Escape, which does not stop the answer, and by a second press", async () => {
    const host = await answered("```bash\nnpm test\n```");
    await host.click(host.button(more));
    await host.press("Escape");
    expect(menuItems(host)).toEqual([]);
    expect(host.postedOf("stop")).toEqual([]);
    await host.click(host.button(more));
    await host.click(host.button(more));
    expect(menuItems(host)).toEqual([]);
  });
});

describe("the names of files in an answer", () => {
  const links = (host: FakeHost) =>
    [...host.root.querySelectorAll<HTMLAnchorElement>("a.sy-file")].map(({ textContent }) => textContent);
  const found = (...names: string[]) => ({ type: "paths" as const, checked: names, found: names });

  it("are checked together once the block is finished, each name once", async () => {
    const host = await writing("See `src/a.ts:8`, `src/a.ts:8` and [the test](src/a.test.ts#L3).");
    await host.advance(100);
    expect(host.postedOf("checkPaths")).toEqual([]);
    await host.send({ type: "text", turnId: "t1", text: "\n\nNext `README.md`\n" });
    await host.advance(100);
    expect(host.postedOf("checkPaths")).toEqual([
      { type: "checkPaths", names: ["src/a.ts:8", "src/a.test.ts#L3"] },
    ]);
  });

  it("become links where the files exist, and open there", async () => {
    const host = await answered(
      "`src/a.ts:8` and `src/b.ts`, [c](src/c.ts#L2)\n\n```ts src/d.ts\nrun();\n```",
    );
    expect(links(host)).toEqual([]);
    await host.send({
      type: "paths",
      checked: ["src/a.ts:8", "src/b.ts", "src/c.ts#L2", "src/d.ts"],
      found: ["src/a.ts:8", "src/c.ts#L2", "src/d.ts"],
    });
    expect(links(host)).toEqual(["src/a.ts:8", "c", "src/d.ts"]);
    for (const link of host.root.querySelectorAll("a.sy-file")) await host.click(link);
    expect(host.postedOf("openPath").map(({ name }) => name)).toEqual([
      "src/a.ts:8",
      "src/c.ts#L2",
      "src/d.ts",
    ]);
    expect(host.postedOf("openLink")).toEqual([]);
  });

  it("keep the file of a code block after it became a link", async () => {
    const host = await answered("```ts src/d.ts\nrun();\n```");
    await host.send(found("src/d.ts"));
    await host.click(host.button("Apply as a diff"));
    expect(host.postedOf("useCode")[0]?.code.file).toBe("src/d.ts");
  });

  it.each([
    "`command:workbench.action.quit`",
    "[a.ts](file:///etc/passwd.ts)".replace("a.ts]", "it]"),
    "[it](command:a.b)",
    "[it](../../secret.ts)",
    "[it](vscode://file/etc/a.ts)",
    "[it](%2e%2e/secret.ts)",
  ])("are neither checked nor linked in %s", async (text) => {
    const host = await answered(text);
    expect(host.postedOf("checkPaths")).toEqual([]);
    expect(host.root.querySelector(".sy-md a")).toBeNull();
  });

  it("are asked about in messages of at most 50", async () => {
    const names = Array.from({ length: 60 }, (_, index) => `src/f${index}.ts`);
    const host = await answered(names.map((name) => `\`${name}\``).join(" "));
    expect(host.postedOf("checkPaths").map((message) => message.names.length)).toEqual([50, 10]);
  });
});
