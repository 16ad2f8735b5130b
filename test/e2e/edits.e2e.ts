import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Simulator } from "../../src/simulator/server.ts";
import { routedWorkbench } from "./workbench/routedWorkbench.ts";
import type { Workbench } from "./workbench/workbench.ts";

const block = (search: string, replace: string) =>
  `<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`;
const WAIT = block("      delayMs = delayMs * 2;", "      delayMs = Math.min(8_000, delayMs * 2);");
const MESSAGE = block(
  '  throw new Error("all attempts failed");',
  '  throw new Error("no attempt succeeded");',
);

describe("an edit of selected code", () => {
  let simulator: Simulator;
  let workbench: Workbench;
  let file: string;
  let before: string;

  routedWorkbench(
    async (opened) => {
      ({ simulator, workbench } = opened);
      await workbench.openFile("retry.ts");
    },
    {
      settings: (routed) => ({ ...routed, "files.autoSave": "off", "editor.renderWhitespace": "none" }),
      prepare: async (folder) => {
        file = join(folder, "src", "retry.ts");
        before = (await readFile(file, "utf8")).replaceAll("\n", "\r\n");
        await writeFile(file, before);
      },
    },
  );

  const lens = (name: string): Locator => workbench.page.locator(".codelens-decoration a", { hasText: name });
  const isDirty = () => workbench.page.locator(".tab.active.dirty");
  const press = (key: string) => workbench.page.keyboard.press(key);
  const save = async () => {
    await workbench.save();
    return readFile(file, "utf8");
  };

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
    await writeFile(file, before);
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
