import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Simulator } from "../../src/simulator/server.ts";
import { ask, quietLine } from "./workbench/chatPage.ts";
import { routedWorkbench } from "./workbench/routedWorkbench.ts";
import type { Workbench } from "./workbench/workbench.ts";

const PROMPT = "Compare two ways to retry a failed request";

/** The route of hard prompts, with an experiment. */
const hard = {
  name: "Hard",
  when: { complexity: ["high"] },
  models: ["west/sim-premium", "east/sim-balanced"],
  experiment: {
    name: "premium-against-balanced",
    control: "west/sim-premium",
    treatment: "east/sim-balanced",
    treatmentShare: 0,
    metric: "costUsd",
  },
};
const rest = { name: "Everything else", models: ["east/sim-cheap", "west/sim-balanced"] };

describe("reports on routes and experiments", () => {
  let simulator: Simulator;
  let workbench: Workbench;
  let chat: Frame;

  routedWorkbench(
    async (opened) => {
      ({ simulator, workbench } = opened);
      chat = await workbench.openChat();
    },
    {
      settings: (routed) => ({
        ...routed,
        "switchyard.routes": [hard, rest],
        // A row of the report's table is read as one line.
        "[markdown]": { "editor.wordWrap": "off" },
      }),
    },
  );

  it("reports when an experiment without answers starts", async () => {
    await workbench.command("Switchyard: Show Experiments");
    await expect
      .poll(() => workbench.notifications())
      .toContainEqual(expect.stringContaining("It starts with the next prompt of the route “Hard”."));
  });

  it("sends a short follow-up to the same model", async () => {
    await ask(chat, PROMPT);
    await expect.poll(() => quietLine(chat)).toContain("sim-premium");
    await ask(chat, "go on");
    const line = await quietLine(chat);
    expect(line).toContain("sim-premium");
    expect(line).toContain("Same as before");
  });

  it("shows the arms of an experiment that is not decided yet", async () => {
    await workbench.command("Switchyard: Show Experiments");
    await expect.poll(() => workbench.editorText()).toContain("# Experiments");
    const text = await workbench.editorText();
    expect(text).toMatch(/\| Model +\| `west\/sim-premium` \| `east\/sim-balanced` \|/);
    expect(text).toMatch(/\| Answers +\| +\d \| +0 \|/);
    expect(text).toContain("Not decided yet.");
    await workbench.picture("experiments");
  });

  it("decides the prompts of saved conversations with the current settings", async () => {
    const before = simulator.requests().length;
    await workbench.changeSettings({ "switchyard.routes": [{ ...rest, name: "Thrift" }] });
    await workbench.command("Switchyard: Try Routes…", "Saved conversations");
    await expect.poll(() => workbench.editorText()).toContain("# Routes tried");
    const text = await workbench.editorText();
    expect(text).toContain("2 prompts from saved conversations");
    expect(text).toMatch(
      new RegExp(`\\| ${PROMPT} \\| Thrift +\\| .*\`west/sim-premium\` → \`east/sim-cheap\``),
    );
    expect(simulator.requests()).toHaveLength(before);
    await workbench.picture("routes-tried");
  });

  it("decides the prompts of a file, in a read-only document", async () => {
    await writeFile(
      join(workbench.folder, "prompts.jsonl"),
      '{"prompt":"What is a|b?"}\nnot json\n{"prompt":"List the months"}\n',
    );
    await workbench.command("Switchyard: Try Routes…", "A file…", "prompts.jsonl");
    await expect.poll(() => workbench.editorText()).toContain("2 prompts from prompts.jsonl");
    const text = await workbench.editorText();
    expect(text).toContain("These lines hold no prompt: 2.");
    expect(text).toMatch(/\| What is a\\\|b\? +\| Thrift +\| `east\/sim-cheap` \| Low complexity/);
    await workbench.selectAll();
    await workbench.page.keyboard.type("x");
    await workbench.page.getByText("Cannot edit in read-only editor").first().waitFor();
    expect(await workbench.editorText()).toBe(text);
  });
});
