import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Simulator } from "../../src/simulator/server.ts";
import { previewText } from "./workbench/markdownPreview.ts";
import { routedWorkbench } from "./workbench/routedWorkbench.ts";
import type { Workbench } from "./workbench/workbench.ts";

/** The cheap model gives an edit with an error of types; the others give the right one. */
const WORDS = "[edit: wrong sim-cheap] [replace: cents / 100 => cents / 1000]";

describe("an edit with an error of types", () => {
  let simulator: Simulator;
  let workbench: Workbench;
  let before: string;

  routedWorkbench(
    async (opened) => {
      ({ simulator, workbench } = opened);
      before = await readFile(join(workbench.folder, "src", "total.ts"), "utf8");
      await workbench.openFile("total.ts");
    },
    {
      settings: (routed) => ({
        ...routed,
        "switchyard.routes": [{ name: "All", models: ["east/sim-cheap", "west/sim-balanced"] }],
        "files.autoSave": "off",
        // It covers the cheap model only.
        "switchyard.budget.dailyUsd": 0.008,
      }),
    },
  );

  const lens = (name: string | RegExp): Locator =>
    workbench.page.locator(".codelens-decoration > *", { hasText: name });
  const press = (key: string) => workbench.page.keyboard.press(key);
  /** Asks for the edit of the whole file. */
  const modify = async (words = WORDS) => {
    await workbench.selectAll();
    await workbench.enter(() => workbench.command("Switchyard: Modify…"), words);
  };
  const isRight = async () => {
    const text = await workbench.editorText();
    return text.includes("cents / 1000") && !text.includes("not a number");
  };
  /** Undoes once, and reads the text. */
  const undone = async () => {
    await workbench.focusEditor();
    await press("ControlOrMeta+Z");
    await expect.poll(() => lens("Accept").count()).toBe(0);
    return workbench.editorText();
  };
  const lines = (text: string) => text.split("\n").filter((line) => line.trim() !== "");

  it("waits for a higher budget, then goes to the model that gets it right, and shows both prices", async () => {
    await modify();
    await lens("1 new error. Today’s budget does not cover sim-balanced").waitFor();
    await workbench.picture("edit-over-budget");
    await workbench.enter(() => lens("Raise the Budget…").click(), "5");
    await lens(/1 new error\. Try sim-balanced, (about )?\$0\.0/).waitFor();
    await workbench.picture("edit-offer");
    await workbench.command("Switchyard: Try a Stronger Model for the Edit");
    await lens("No new errors").waitFor();
    expect(await isRight()).toBe(true);
    await lens("sim-balanced ·").click();
    const report = workbench.page.locator(".tab.active", { hasText: "Preview Why This Model.md" });
    await report.waitFor();
    await workbench.picture("edit-why");
    await expect.poll(() => previewText(workbench.page)).toMatch(/sim-cheap\s+First try\s.*\$0\.0\d+/);
    expect(await previewText(workbench.page)).toMatch(/sim-balanced\s+Escalated: 1 new error\s.*\$0\.0\d+/);
    await workbench.command("View: Close Editor");
    await report.waitFor({ state: "detached" });
    expect(lines(await undone())).toEqual(lines(before));
  });

  it("is replaced by itself with auto, around what the user writes meanwhile, unless Escape cancels that", async () => {
    await workbench.changeSettings({ "switchyard.escalate": "auto", "switchyard.budget.dailyUsd": 5 });
    const release = simulator.hold("sim-balanced");
    // Other words: the same ones again would go to the stronger model at once, because the edit was undone.
    await modify(`${WORDS} Please`);
    await lens("1 new error. sim-balanced is writing… (Escape cancels)").waitFor();
    await workbench.picture("edit-auto");
    await workbench.focusEditor();
    await press("ControlOrMeta+End");
    await workbench.page.keyboard.type("// Mine");
    await expect.poll(() => workbench.documentText()).toContain("// Mine");
    release();
    await lens("No new errors").waitFor();
    expect(await isRight()).toBe(true);
    expect(await workbench.editorText()).toContain("// Mine");
    expect(lines(await undone())).toEqual([...lines(before), "// Mine"]);
    simulator.hold("sim-balanced");
    await modify(`${WORDS} Once more`);
    await lens("1 new error. sim-balanced is writing… (Escape cancels)").waitFor();
    await workbench.focusEditor();
    await press("Escape");
    await lens("1 new error. Try sim-balanced").waitFor();
    expect(await workbench.editorText()).toContain("not a number");
    expect(lines(await undone())).toEqual([...lines(before), "// Mine"]);
  });
});
