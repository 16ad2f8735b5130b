import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Frame, Locator } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { Simulator } from "../../src/simulator/server.ts";
import { ask, lastAnswer } from "./workbench/chatPage.ts";
import { routedWorkbench } from "./workbench/routedWorkbench.ts";
import { until } from "./workbench/until.ts";
import type { Workbench } from "./workbench/workbench.ts";

const block = (search: string, replace: string) =>
  `<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`;
const WAIT = block("      delayMs = delayMs * 2;", "      delayMs = Math.min(8_000, delayMs * 2);");
const MESSAGE = block(
  '  throw new Error("all attempts failed");',
  '  throw new Error("no attempt succeeded");',
);

/** A change of test/demo/src/retry.ts, shown without most of the function. */
const change = `Wait $100 \\cdot 2^n$ ms, at most 8 s, in \`src/retry.ts:8\`; \`../../etc/passwd\` and \`src/missing.ts\` are not yours.

\`\`\`ts src/retry.ts
export async function retry<T>(task: () => Promise<T>, options: RetryOptions): Promise<T> {
  // ... existing code ...
    } catch {
      delayMs = Math.min(8_000, delayMs * 2);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
  // ... existing code ...
}
\`\`\``;

let simulator: Simulator;
let workbench: Workbench;
let retry: string;
let before: string;

routedWorkbench(
  (opened) => {
    ({ simulator, workbench } = opened);
  },
  {
    settings: (routed) => ({ ...routed, "files.autoSave": "off", "editor.renderWhitespace": "none" }),
    prepare: async (folder) => {
      retry = join(folder, "src", "retry.ts");
      before = (await readFile(retry, "utf8")).replaceAll("\n", "\r\n");
      // A file with Windows' line endings keeps them.
      await writeFile(retry, before);
      await mkdir(join(folder, "lib"));
      await writeFile(join(folder, "lib", "total.ts"), "export {};\n");
    },
  },
);

/** Saves the active editor, and returns what is in the file. */
const save = async () => {
  await workbench.save();
  return readFile(retry, "utf8");
};

describe("an edit of selected code", () => {
  beforeAll(() => workbench.openFile("retry.ts"));

  const lens = (name: string): Locator => workbench.page.locator(".codelens-decoration a", { hasText: name });
  const isDirty = () => workbench.page.locator(".tab.active.dirty");
  const press = (key: string) => workbench.page.keyboard.press(key);

  it("is shown as changes, each accepted or discarded by itself, and keeps the line endings", async () => {
    simulator.answerNext(WAIT + MESSAGE);
    await workbench.selectAll();
    await workbench.command("Switchyard: Fix");
    await expect.poll(() => lens("Accept").count()).toBe(3);
    await workbench.picture("edit-changes");
    expect(await workbench.editorText()).toContain("Math.min(8_000, delayMs * 2)");
    // The cursor is at the first change.
    await workbench.editorHasFocus();
    await press("ControlOrMeta+Enter");
    await expect.poll(() => lens("Accept").count()).toBe(1);
    await lens("Discard").click();
    await expect.poll(() => lens("Discard").count()).toBe(0);
    expect(await save()).toBe(
      before.replace("delayMs = delayMs * 2", "delayMs = Math.min(8_000, delayMs * 2)"),
    );
    await writeFile(retry, before);
    await expect.poll(() => workbench.editorText()).toContain("delayMs = delayMs * 2;");
  });

  it("is reverted by one undo", async () => {
    simulator.answerNext(WAIT + MESSAGE);
    await workbench.selectAll();
    await press("ControlOrMeta+K");
    await press("g");
    await expect.poll(() => lens("Accept All").count()).toBe(1);
    await workbench.editorHasFocus();
    await press("ControlOrMeta+Z");
    await isDirty().waitFor({ state: "detached" });
    await expect.poll(() => lens("Accept").count()).toBe(0);
    expect((await workbench.editorText()).includes("8_000")).toBe(false);
  });

  it("of tests names their file beforehand, and closes it when they are discarded", async () => {
    simulator.answerNext('```ts\nimport { retry } from "./retry.ts";\n\nretry(test);\n```');
    await workbench.selectAll();
    await workbench.command("Switchyard: Write Tests…");
    await workbench.page.getByText("Tests go into src/retry.test.ts (new).").waitFor();
    await workbench.picture("edit-tests-file");
    await workbench.quickInput().press("Enter");
    const tab = workbench.page.locator('.tab.active[data-resource-name="retry.test.ts"]');
    await tab.waitFor();
    await expect.poll(() => lens("Discard").count()).toBe(1);
    await workbench.picture("edit-tests");
    await lens("Discard").click();
    await tab.waitFor({ state: "detached" });
    await workbench.page.locator('.tab.active[data-resource-name="retry.ts"]').waitFor();
  });

  it("is made around what the user writes meanwhile, and overwrites none of it", async () => {
    simulator.answerNext(WAIT + MESSAGE);
    const release = simulator.hold();
    await workbench.goTo(15);
    await workbench.command("Switchyard: Fix");
    const writing = workbench.page.locator(".statusbar-item", { hasText: "is writing… (Escape cancels)" });
    await writing.waitFor();
    await workbench.picture("edit-is-written");
    await workbench.editorHasFocus();
    await workbench.page.keyboard.type("  // Mine. ");
    await workbench.goTo(1);
    await workbench.page.keyboard.type("// First\n");
    await expect.poll(() => workbench.documentText()).toMatch(/^\/\/ First\r\n[\s\S]*\/\/ Mine\. /);
    release();
    await expect.poll(() => lens("Accept").count()).toBe(1);
    const text = await workbench.editorText();
    expect(text).toContain("Math.min(8_000, delayMs * 2)");
    expect(text).toContain('// Mine.   throw new Error("all attempts failed")');
    await expect
      .poll(() => workbench.notifications())
      .toContainEqual(expect.stringContaining("one of its changes was left out"));
    await lens("Discard").click();
    await expect.poll(() => workbench.editorText()).not.toContain("8_000");
    expect(await workbench.editorText()).toContain("// First");
  });

  it("is cancelled by Escape, and then changes nothing", async () => {
    const text = await workbench.editorText();
    simulator.answerNext(WAIT);
    simulator.hold();
    await workbench.goTo(12);
    await workbench.command("Switchyard: Fix");
    const writing = workbench.page.locator(".statusbar-item", { hasText: "Escape cancels" });
    await writing.waitFor();
    await workbench.editorHasFocus();
    await press("Escape");
    await writing.waitFor({ state: "detached" });
    expect(await workbench.editorText()).toBe(text);
  });
});

describe("the code of an answer", () => {
  let chat: Frame;

  beforeAll(async () => {
    await workbench.revert();
    await workbench.runBuiltIn("workbench.action.closeAllEditors");
    chat = await workbench.openChat();
  });

  const answerWith = async (text: string) => {
    simulator.answerNext(text);
    await ask(chat, "Improve it");
  };
  const code = () => lastAnswer(chat).locator("figure.sy-code").first();
  const codeButton = (name: string): Locator => code().getByRole("button", { name, exact: true });
  /** Opens the menu of the last code block and selects an entry. The menu closes when anything else takes the focus. */
  const selectInMenu = (button: string, name: string) =>
    until(async () => {
      const entry = chat.getByRole("menuitem", { name });
      if (!(await entry.isVisible())) await codeButton(button).click();
      await entry.click({ timeout: 3_000 });
    }, 60_000);
  const activeTab = (name: string) => workbench.page.locator(".tab.active", { hasText: name });
  /** Comments a line out while a proposal is shown, and presses the key of Accept in the proposal. */
  const acceptAfterCommenting = async (line: number) => {
    await codeButton("Apply as a diff").click();
    await activeTab("retry.ts: proposed change").waitFor();
    await workbench.openFile("retry.ts");
    await workbench.goTo(line);
    await workbench.page.keyboard.type("//");
    await workbench.page.locator(".tab.active.dirty").waitFor();
    await workbench.page.locator(".tab", { hasText: "retry.ts: proposed change" }).click();
    await proposalHasFocus();
    await workbench.page.keyboard.press("ControlOrMeta+Enter");
  };
  /** The keys of a proposal work once its buttons are shown and its text has the focus. */
  const proposalHasFocus = async () => {
    await workbench.page
      .locator(".editor-actions")
      .getByRole("button", { name: /^Accept/ })
      .waitFor();
    await workbench.page.locator(".monaco-diff-editor .monaco-editor.focused").waitFor();
  };

  it("opens the files that exist at the line that it names, and links no other name", async () => {
    await answerWith(change);
    const links = lastAnswer(chat).locator("a.sy-file");
    await expect.poll(() => links.allInnerTexts()).toEqual(["src/retry.ts:8", "src/retry.ts"]);
    // The page's policy lets the library of formulas load.
    await lastAnswer(chat).locator("math msup").waitFor();
    await links.first().click();
    await activeTab("retry.ts").waitFor();
    await workbench.page.locator(".statusbar-item", { hasText: "Ln 8, Col 1" }).waitFor();
  });

  it("is applied as a diff that is accepted, and reverted by one undo", async () => {
    await codeButton("Apply as a diff").click();
    await activeTab("retry.ts: proposed change").waitFor();
    await workbench.page.locator(".monaco-diff-editor .line-insert").first().waitFor();
    await workbench.picture("proposed-change");
    await workbench.page
      .locator(".editor-actions")
      .getByRole("button", { name: /^Accept/ })
      .click();
    await workbench.page.locator(".tab.active.dirty").waitFor();
    await expect.poll(() => workbench.editorText()).toContain("Math.min(8_000, delayMs * 2)");
    await workbench.editorHasFocus();
    await workbench.page.keyboard.press("ControlOrMeta+Z");
    await workbench.page.locator(".tab.active.dirty").waitFor({ state: "detached" });
    await workbench.page.keyboard.press("ControlOrMeta+Shift+Z");
    expect(await save()).toBe(
      before.replace("delayMs = delayMs * 2;", "delayMs = Math.min(8_000, delayMs * 2);"),
    );
    await workbench.page.keyboard.press("ControlOrMeta+Z");
    expect(await save()).toBe(before);
  });

  it("is applied by key to a file that has changed meanwhile, except where both changed a line", async () => {
    await acceptAfterCommenting(15);
    await expect.poll(() => workbench.editorText()).toMatch(/Math\.min\(8_000[\s\S]*\/\/ {2}throw new Error/);
    await workbench.revert();

    await acceptAfterCommenting(11);
    await expect
      .poll(() => workbench.notifications())
      .toContainEqual(expect.stringContaining("Nothing was written"));
    await workbench.page.locator(".tab", { hasText: "retry.ts: proposed change" }).click();
    await proposalHasFocus();
    await workbench.page.keyboard.press("ControlOrMeta+Backspace");
    await activeTab("retry.ts: proposed change").waitFor({ state: "detached" });
    expect(await workbench.editorText()).toMatch(/\/\/ {6}delayMs = delayMs \* 2;/);
    await workbench.revert();
  });

  it("is inserted on lines of its own, as deep as the cursor's line", async () => {
    await answerWith("Log it:\n\n```ts\nif (attempt > 1) {\n    log(attempt);\n}\n```");
    await workbench.openFile("retry.ts");
    await workbench.goTo(9, 20);
    await codeButton("Insert at cursor").click();
    await workbench.page.locator(".tab.active.dirty").waitFor();
    expect(await save()).toContain(
      "      return await task();\r\n      if (attempt > 1) {\r\n        log(attempt);\r\n      }\r\n",
    );
  });

  it("replaces a selection only after the user has agreed", async () => {
    const text = await readFile(retry, "utf8");
    await workbench.selectAll();
    await codeButton("Insert at cursor").click();
    const dialog = workbench.page.locator(".monaco-dialog-box");
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await dialog.waitFor({ state: "detached" });
    expect(await readFile(retry, "utf8")).toBe(text);
    expect(await workbench.page.locator(".tab.active.dirty").count()).toBe(0);
  });

  it("lets the user choose where several files have its name", async () => {
    await answerWith("```ts total.ts\nexport {};\nexport const rate = 0.19;\n```");
    await workbench.choose(() => codeButton("Apply as a diff").click(), "lib/total.ts");
    await activeTab("total.ts: proposed change").waitFor();
    await workbench.command("Switchyard: Discard");
    await activeTab("total.ts: proposed change").waitFor({ state: "detached" });
  });

  it("becomes a file at the place that the user confirms, which is never overwritten", async () => {
    await answerWith("```ts\n// src/limits.ts\nexport const MAX_WAIT_MS = 8_000;\n```");
    const create = async (tab: string) => {
      await selectInMenu("More: create file", "Create file…");
      const input = workbench.quickInput();
      await expect.poll(() => input.inputValue()).toMatch(/src\/limits\.ts$/);
      // The dialog asks once more if the file exists, and takes no key while it looks for it.
      await expect
        .poll(async () => {
          if (await input.isVisible()) await input.press("Enter", { timeout: 1_000 }).catch(() => {});
          return activeTab(tab).count();
        })
        .toBe(1);
    };
    await create("limits.ts");
    const file = join(workbench.folder, "src", "limits.ts");
    expect(await readFile(file, "utf8")).toBe("export const MAX_WAIT_MS = 8_000;\n");
    await writeFile(file, "export const MAX_WAIT_MS = 9_000;\n");
    await create("limits.ts: proposed change");
    expect(await readFile(file, "utf8")).toBe("export const MAX_WAIT_MS = 9_000;\n");
    await workbench.command("Switchyard: Discard");
  });

  it("is typed into the terminal, and not run", async () => {
    await answerWith("```bash\ntouch typed.txt\n# then\ntouch typed2.txt\n```");
    await codeButton("More: create file, run in terminal").click();
    await workbench.picture("code-menu", "sidebar");
    await selectInMenu("More: create file, run in terminal", "Run in terminal");
    const terminal = workbench.page.locator(".terminal-wrapper.active");
    await terminal.waitFor();
    await workbench.page.locator(".statusbar-item", { hasText: "2 commands were joined" }).waitFor();
    const exists = () =>
      readFile(join(workbench.folder, "typed2.txt")).then(
        () => true,
        () => false,
      );
    await terminal.locator(".xterm.focus").waitFor();
    await workbench.page.keyboard.type(" && echo done");
    expect(await exists()).toBe(false);
    await workbench.page.keyboard.press("Enter");
    await expect.poll(exists).toBe(true);
  });
});
