import { execFileSync } from "node:child_process";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Frame, Locator } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Simulator } from "../../src/simulator/server.ts";
import { PIXEL } from "../support/views/images.ts";
import { ask } from "./workbench/chatPage.ts";
import { routedWorkbench } from "./workbench/routedWorkbench.ts";
import type { Workbench } from "./workbench/workbench.ts";

describe("context that is attached to a prompt", () => {
  let simulator: Simulator;
  let workbench: Workbench;
  let chat: Frame;

  routedWorkbench(
    async (opened) => {
      ({ simulator, workbench } = opened);
      chat = await workbench.openChat();
    },
    {
      settings: (routed) => ({ ...routed, "terminal.integrated.gpuAcceleration": "off" }),
      prepare: prepareWorkspace,
    },
  );

  const input = () => chat.locator("textarea.sy-input-text");
  const chips = () => chat.locator(".sy-composer .sy-chip-name").allInnerTexts();
  const option = (name: string) => chat.getByRole("option", { name }).first();
  const lastRequest = () => JSON.stringify(simulator.requests().at(-1));
  /** Types a `#` with a filter, and takes the entry with this name by Enter once it is the first one. */
  const complete = async (filter: string, name: string) => {
    await input().focus();
    await input().pressSequentially(` #${filter}`);
    const active = chat.locator(".sy-popup .sy-row.is-active:not([aria-disabled]) .sy-row-main");
    await expect.poll(() => active.allInnerTexts()).toEqual([name]);
    await input().press("Enter");
  };

  it("attaches a file that is typed after #, and no file that Git ignores", async () => {
    await complete("retr", "retry.ts");
    await expect.poll(chips).toEqual(["retry.ts"]);
    expect((await input().inputValue()).trim()).toBe("");
    await input().pressSequentially("#ignored-by");
    await expect.poll(() => chat.locator(".sy-popup .sy-row").count()).toBe(0);
    await input().fill("");
    expect(await chat.locator(".sy-composer .sy-chip-tokens").innerText()).toMatch(/^\d+\u00a0tokens$/);
  });

  it("opens the file of a chip, and removes it", async () => {
    await chat.locator(".sy-composer .sy-chip-open").click();
    await workbench.page.locator('.tab.active[data-resource-name="retry.ts"]').waitFor();
    await chat.getByRole("button", { name: "Remove retry.ts" }).click();
    await expect.poll(chips).toEqual([]);
  });

  it("attaches both of two selections from the + menu", async () => {
    const { page } = workbench;
    await page.locator(".editor-group-container.active .view-line").first().click();
    await page.keyboard.press("Home");
    await page.keyboard.press("Shift+End");
    await page
      .locator(".editor-group-container.active .view-line")
      .nth(3)
      .click({ modifiers: ["Alt"] });
    await page.keyboard.press("Shift+End");
    await chat.getByRole("button", { name: "Add context" }).click();
    await workbench.picture("context-menu");
    await option("Selection").click();
    await expect.poll(chips).toEqual(["retry.ts:1", expect.stringMatching(/^retry\.ts:\d$/)]);
  });

  it("attaches problems and uncommitted changes", async () => {
    await workbench.openFile("broken.json");
    await workbench.page.locator(".squiggly-error").first().waitFor();
    await complete("problems", "Problems of broken.json");
    await expect.poll(chips).toContainEqual(expect.stringMatching(/problem/));
    await complete("changes", "Uncommitted changes");
    await expect.poll(chips).toContainEqual(expect.stringMatching(/changed file/));
  });

  it("attaches a file that is dropped, and a folder", async () => {
    await drop(chat, workbench.folder, "src/total.ts");
    await expect.poll(chips).toContain("total.ts");
    await complete("src", "src");
    await expect.poll(chips).toContain("src/");
  });

  it("attaches a file that is dragged from the explorer while Shift is pressed", async () => {
    // The explorer and the chat are views of one sidebar: here the chat is shown below the files.
    await moveChatTo(workbench, "workbench.view.explorer");
    chat = await workbench.chatFrame();
    const file = workbench.page.locator(".explorer-viewlet .monaco-list-row", { hasText: "broken.json" });
    const before = await chips();
    await dragTo(workbench, file, ".sy-composer");
    await expect.poll(chips).toEqual([...before, "broken.json"]);
    await chat.getByRole("button", { name: "Remove broken.json" }).click();
    await moveChatTo(workbench, "workbench.view.extension.switchyard");
    chat = await workbench.openChat();
    await expect.poll(chips).toEqual(before);
  });

  it("attaches an image that is chosen in the file dialog, and removes it", async () => {
    await chat.getByRole("button", { name: "Add context" }).click();
    await option("Image…").click();
    await workbench.acceptPath(join(workbench.folder, "picture.png"));
    await expect.poll(chips).toContain("picture.png");
    await workbench.picture("context-image");
    await chat.getByRole("button", { name: "Remove picture.png" }).click();
    await expect.poll(chips).not.toContain("picture.png");
  });

  it("sends all of it with relative paths", async () => {
    await workbench.picture("context-attached");
    await ask(chat, "What is wrong here?");
    const sent = lastRequest();
    for (const label of [
      "Selected code from src/retry.ts:1",
      "Problems that the editor reports",
      "broken.json:",
      "Uncommitted changes",
      "diff --git a/src/orders.ts",
      "File src/total.ts",
      "Files of the folder src",
    ]) {
      expect(sent).toContain(label);
    }
    expect(sent).not.toContain(workbench.folder);
    expect(sent).not.toContain("ignored by Git");
    expect(await chips()).toEqual([]);
    await workbench.picture("context-sent");
  });

  it("opens the chips of a sent prompt", async () => {
    const sent = chat.locator(".sy-turn--user .sy-chip-open");
    await sent.filter({ hasText: "problem" }).click();
    await workbench.page.locator(".markers-panel").first().waitFor();
    await sent.filter({ hasText: "changed file" }).click();
    await workbench.page.locator(".tab.active", { hasText: "Uncommitted changes" }).waitFor();
    await workbench.page.locator(".multiDiffEditor .view-line", { hasText: "// Changed." }).waitFor();
  });

  it("attaches the output of the last command in the terminal", async () => {
    await workbench.command("Terminal: Create New Terminal");
    const terminal = workbench.page.locator(".terminal-wrapper.active .xterm-rows");
    // The prompt of the shell, as root or not.
    await expect.poll(() => terminal.innerText()).toMatch(/[$#%]\s*$/);
    await workbench.focusTerminal();
    await workbench.page.keyboard.type("sleep 1; echo one two three");
    await workbench.page.keyboard.press("Enter");
    await expect.poll(() => terminal.innerText()).toMatch(/three\s.*three/s);
    await complete("terminal", "Last terminal command");
    await expect.poll(chips).toEqual(["sleep 1; echo one two three"]);
    await ask(chat, "What did it print?");
    expect(lastRequest()).toContain("$ sleep 1; echo one two three\\none two three");
  });
});

/** Makes the workspace a Git repository with one changed file, one ignored file and one file with an error. */
async function prepareWorkspace(folder: string): Promise<void> {
  await writeFile(join(folder, ".gitignore"), "ignored/\n");
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.com", ...args], {
      cwd: folder,
    });
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "--message=Start");
  await mkdir(join(folder, "ignored"));
  await writeFile(join(folder, "ignored", "ignored-by-git.ts"), "// ignored by Git");
  await writeFile(join(folder, "picture.png"), Buffer.from(PIXEL, "base64"));
  await writeFile(join(folder, "broken.json"), '{ "name": }\n');
  await appendFile(join(folder, "src", "orders.ts"), "// Changed.\n");
}

/** Moves the chat view, as dragging its title does. */
async function moveChatTo(workbench: Workbench, destinationId: string): Promise<void> {
  await workbench.evaluate(
    (code, to) =>
      code.commands.executeCommand("vscode.moveViews", { viewIds: ["switchyard.chat"], destinationId: to }),
    destinationId,
  );
}

/** Drags an element of the workbench to one of the chat with the mouse, while Shift is pressed. */
async function dragTo(workbench: Workbench, from: Locator, to: string): Promise<void> {
  const { mouse, keyboard } = workbench.page;
  const chat = await workbench.chatFrame();
  const [start, end] = await Promise.all([centerOf(from), centerOf(chat.locator(to))]);
  await mouse.move(start.x, start.y);
  await mouse.down();
  await mouse.move(start.x + 8, start.y + 8, { steps: 3 });
  await keyboard.down("Shift");
  await mouse.move(end.x, end.y, { steps: 10 });
  await mouse.up();
  await keyboard.up("Shift");
}

async function centerOf(element: Locator): Promise<{ readonly x: number; readonly y: number }> {
  const box = await element.boundingBox();
  if (box === null) throw new Error("The element is not visible.");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Drops a file of the workspace on the input as VS Code's explorer does. */
async function drop(chat: Frame, folder: string, path: string): Promise<void> {
  const uri = `file://${join(folder, path)}`;
  await chat.locator(".sy-composer").evaluate((composer, dropped) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.setData("resourceurls", JSON.stringify([dropped]));
    dataTransfer.setData("text/uri-list", dropped);
    for (const type of ["dragover", "drop"])
      composer.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  }, uri);
}
