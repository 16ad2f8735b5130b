import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type RoutedSetup, routedSetup } from "../support/routedSimulator.ts";
import { Workbench } from "./workbench.ts";

const block = (search: string, replace: string) =>
  `<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`;

/** Two changes of test/demo/src/retry.ts. */
const FIX =
  block("      delayMs = delayMs * 2;", "      delayMs = Math.min(8_000, delayMs * 2);") +
  block('  throw new Error("all attempts failed");', '  throw new Error("no attempt succeeded");');

describe("an edit of selected code", () => {
  let setup: RoutedSetup;
  let workbench: Workbench;
  let file: string;
  let before: string;

  beforeAll(async () => {
    setup = await routedSetup();
    workbench = await Workbench.open({
      settings: { ...setup.settings, "files.autoSave": "off" },
      env: setup.env,
    });
    file = join(workbench.folder, "src", "retry.ts");
    before = (await readFile(file, "utf8")).replaceAll("\n", "\r\n");
    await writeFile(file, before);
    await workbench.openFile("retry.ts");
  }, 120_000);
  afterAll(async () => {
    await workbench?.close();
    await setup?.simulator.stop();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await workbench.picture(`failed-${task.id}`);
  });

  const lens = (name: string): Locator => workbench.page.locator(".codelens-decoration a", { hasText: name });
  const isDirty = () => workbench.page.locator(".tab.active.dirty");
  const save = async () => {
    await workbench.page.keyboard.press("ControlOrMeta+S");
    await isDirty().waitFor({ state: "detached" });
    return readFile(file, "utf8");
  };

  it("is shown as hunks, each accepted or discarded by itself, and keeps the line endings", async () => {
    setup.simulator.answerNext(FIX);
    await workbench.selectAll();
    await workbench.command("Switchyard: Fix");
    await expect.poll(() => lens("Discard").count()).toBe(3);
    await workbench.picture("edit-hunks");
    expect(await workbench.editorText()).toContain("Math.min(8_000, delayMs * 2)");
    await lens(/^Accept$/.source === "^Accept$" ? "Accept" : "")
      .first()
      .click();
    await expect.poll(() => lens("Discard").count()).toBe(1);
    await lens("Discard").first().click();
    await expect.poll(() => lens("Discard").count()).toBe(0);
    expect(await save()).toBe(
      before.replace("delayMs = delayMs * 2", "delayMs = Math.min(8_000, delayMs * 2)"),
    );
  });

  it("is taken back by one undo", async () => {
    const now = await readFile(file, "utf8");
    setup.simulator.answerNext(
      block("      return await task();", "      return task();") +
        block('  throw new Error("all attempts failed");', '  throw new Error("failed");'),
    );
    await workbench.selectAll();
    await workbench.page.keyboard.press("ControlOrMeta+K");
    await workbench.page.keyboard.press("g");
    await expect.poll(() => lens("Accept All").count()).toBe(1);
    await workbench.page.keyboard.press("ControlOrMeta+Z");
    await isDirty().waitFor({ state: "detached" });
    await expect.poll(() => lens("Accept").count()).toBe(0);
    expect(await readFile(file, "utf8")).toBe(now);
  });
});
