import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inProject } from "../../scripts/project.ts";
import { CliProgram, ended } from "./cliProgram.ts";

const SETTINGS = `{
  // A setting of VS Code itself.
  "editor.fontSize": 14,
  "switchyard.routes": [
    { "name": "Write code", "examples": ["Write a Python function", "Create a REST API"], "models": ["anthropic/claude-sonnet-5-5"] },
    { "name": "Hard", "when": { "complexity": ["high"] }, "models": ["openai/gpt-6.1-sol", "anthropic/claude-opus-5-5"] },
    { "name": "Everything else", "models": ["openai/gpt-6-luna", "anthropic/claude-haiku-5-5"], "pick": "cheapest" },
  ],
}`;

let program: CliProgram;

beforeAll(async () => {
  program = await CliProgram.build();
  await program.write("settings.json", SETTINGS);
});
afterAll(() => program.remove());

const decide = ["decide", "--settings", "settings.json"];
const rows = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line): Record<string, unknown> => JSON.parse(line));

describe("switchyard decide", () => {
  it("writes a decision for each line, in order", async () => {
    const prompts = [
      "Compare the economic policies of three countries",
      "What is a closure?",
      "Write a TypeScript function that sorts a list",
      "asdf qwer zxcv",
    ];
    const input = prompts.map((prompt) => JSON.stringify({ prompt })).join("\n");
    const { code, stdout, stderr } = await program.run(decide, input);
    expect([code, stderr]).toEqual([0, ""]);
    expect(rows(stdout).map(({ line, route, complexity }) => [line, route, complexity])).toEqual([
      [1, "Hard", "high"],
      [2, "Everything else", "low"],
      [3, "Write code", "medium"],
      [4, "Everything else", "low"],
    ]);
    expect(rows(stdout)[0]).toEqual({
      line: 1,
      route: "Hard",
      model: "openai/gpt-6.1-sol",
      chain: ["openai/gpt-6.1-sol", "anthropic/claude-opus-5-5"],
      complexity: "high",
      complexityScore: expect.any(Number),
      variant: null,
      expectedCostUsd: expect.any(Number),
      expectedInputTokens: expect.any(Number),
      expectedOutputTokens: expect.any(Number),
      reasons: expect.arrayContaining([
        expect.objectContaining({ kind: "route" }),
        expect.objectContaining({ kind: "similarity", applied: false }),
        expect.objectContaining({ kind: "pick", figure: { by: "order" } }),
      ]),
      skipped: [],
    });
  });

  it("calls no hard prompt in another language easy", async () => {
    await program.write("defaults.json", "{}");
    const prompts = [
      "分析这个系统的根本原因，并比较两种修复方案",
      "Vergleiche zwei Architekturen für die Offline-Synchronisation und bewerte die Risiken",
      "Analysez ce dump mémoire et proposez un correctif",
    ];
    const input = prompts.map((prompt) => JSON.stringify({ prompt })).join("\n");
    const { stdout } = await program.run(["decide", "--settings", "defaults.json"], input);
    for (const row of rows(stdout)) {
      expect(row).toMatchObject({ complexity: "medium" });
      expect(row["reasons"]).toContainEqual(
        expect.objectContaining({ kind: "complexity", reason: { kind: "other-language" } }),
      );
    }
  });

  it("reads no keywords in code, logs and traces that a prompt contains", async () => {
    await program.write("defaults.json", "{}");
    const prompts = [
      "fix this\n```js\ncompare(create(a), b);\n```",
      "why?\nTypeError: cannot create x\n    at compare (/app/list.js:12:7)",
      "why?\n2026-11-21T15:00:01Z ERROR analyze failed",
      `why?\n${"2026-11-21T15:00:01Z ERROR analyze failed\n".repeat(60)}`,
      "analyze\n```js\nlist(a);\n```",
    ];
    const input = prompts.map((prompt) => JSON.stringify({ prompt })).join("\n");
    const { stdout } = await program.run(["decide", "--settings", "defaults.json"], input);
    expect(rows(stdout).map(({ complexity }) => complexity)).toEqual(["low", "low", "low", "high", "high"]);
  });

  it("takes the cheapest model near the best quality for a hard prompt", async () => {
    await program.write("defaults.json", "{}");
    await program.write("best.json", '{ "switchyard.derived.tolerance": 0 }');
    const hard = JSON.stringify({ prompt: "Compare both", expectedOutputTokens: 600 });
    const decidedBy = async (file: string) =>
      rows((await program.run(["decide", "--settings", file], hard)).stdout)[0];
    const [near, best] = [await decidedBy("defaults.json"), await decidedBy("best.json")];
    expect(near).toMatchObject({ route: "derived:high" });
    expect(Number(near?.["expectedCostUsd"])).toBeLessThan(Number(best?.["expectedCostUsd"]) / 2);
    expect(near?.["reasons"]).toContainEqual(
      expect.objectContaining({
        kind: "pick",
        figure: { by: "quality", quality: expect.any(Number), expectedNanoUsd: expect.any(Number) },
      }),
    );
  });

  it("follows the dial, and shows its position among the reasons", async () => {
    await program.write("balanced.json", "{}");
    await program.write("best.json", '{ "switchyard.dial": "best" }');
    const prompt = JSON.stringify({ prompt: "What is a closure?" });
    const decidedBy = async (file: string) =>
      rows((await program.run(["decide", "--settings", file], prompt)).stdout)[0];
    const [balanced, best] = [await decidedBy("balanced.json"), await decidedBy("best.json")];
    expect(best?.["model"]).not.toBe(balanced?.["model"]);
    expect(best?.["reasons"]).toContainEqual({
      kind: "route",
      match: { kind: "derived", level: "low", dial: "best" },
    });
  });

  it("holds the complexity of a conversation until a new topic, and says from which prompt", async () => {
    await program.write("defaults.json", "{}");
    await program.write("hold-off.json", '{ "switchyard.complexity.hold": false }');
    const prompts = [
      "Design and create a parser for our log files in Go that handles rotated ones",
      "that still fails on Windows",
      "make the error message name the line",
      "Draft an email to Susan about Tuesday's dinner with vegetarian guests",
      "shorten the second paragraph of that",
      "make the parser skip rotated files of yesterday",
    ];
    const input = prompts.map((prompt) => JSON.stringify({ prompt, conversation: "c" })).join("\n");
    const { stdout } = await program.run(["decide", "--settings", "defaults.json"], input);
    const decided = rows(stdout);
    expect(decided.map(({ complexity }) => complexity)).toEqual([
      "high",
      "high",
      "high",
      "low",
      "low",
      "high",
    ]);
    for (const at of [1, 2, 5])
      expect(decided[at]?.["reasons"]).toContainEqual(
        expect.objectContaining({ kind: "held", level: "high", prompt: 1 }),
      );
    expect(decided[3]?.["reasons"]).toContainEqual(
      expect.objectContaining({ kind: "newTopic", heldUntilNow: "high", threshold: 0.15 }),
    );
    const off = await program.run(["decide", "--settings", "hold-off.json"], input);
    expect(rows(off.stdout)[1]).toMatchObject({ complexity: "low", route: "derived:low" });
  });

  it("answers an agreement with the model of the plan that it agrees to", async () => {
    await program.write("defaults.json", "{}");
    const prompts = [
      "Analyze how we could migrate the billing service to events; plan it.",
      "ja, bitte genau so",
      "好的，继续",
      "looks good to me, implement step 1 and 2",
    ];
    const input = prompts.map((prompt) => JSON.stringify({ prompt, conversation: "c" })).join("\n");
    const { stdout } = await program.run(["decide", "--settings", "defaults.json"], input);
    const [plan, ...agreements] = rows(stdout);
    expect(plan).toMatchObject({ complexity: "high" });
    expect(agreements).toHaveLength(3);
    for (const row of agreements) {
      expect(row).toMatchObject({ route: plan?.["route"], model: plan?.["model"] });
      expect(row["reasons"]).toContainEqual({ kind: "followUp", keeps: plan?.["model"] });
    }
  });

  it("reports invalid lines with their numbers, decides the others, and exits with 1", async () => {
    const input =
      '{"prompt":"a"}\n{"prompt":\n\n{"prompt":7}\r\n{"prompt":"b"}\n{"prompt":"b","act":"regenerate","conversation":"c"}';
    const { code, stdout, stderr } = await program.run([...decide, "--input", "-"], input);
    expect(code).toBe(1);
    expect(rows(stdout).map(({ line, error }) => [line, error === undefined])).toEqual([
      [1, true],
      [2, false],
      [4, false],
      [5, true],
      [6, false],
    ]);
    expect(stderr.split("\n").map((line) => line.slice(0, 7))).toEqual(["line 2:", "line 4:", "line 6:", ""]);
  });

  it("reads and writes files, and prints a summary to stderr", async () => {
    await program.write("in.jsonl", '{"prompt":"What is a closure?"}\n{"prompt":"Compare a and b"}\n');
    const args = [...decide, "--input", "in.jsonl", "--output", "out.jsonl", "--summary"];
    const { code, stdout, stderr } = await program.run(args);
    expect([code, stdout]).toEqual([0, ""]);
    expect(rows(await readFile(program.file("out.jsonl"), "utf8"))).toHaveLength(2);
    expect(stderr).toMatch(/Hard +openai\/gpt-6\.1-sol +1 +\$[\d.]+\n/);
    expect(stderr).toMatch(/total +2 +\$[\d.]+\n$/);
  });

  it("uses the assumptions of the world file", async () => {
    await program.write("world.json", '{ "openBreakers": ["openai/gpt-6.1-sol"] /* paused */ }');
    const { stdout } = await program.run(
      [...decide, "--world", "world.json"],
      '{"prompt":"Compare a and b"}',
    );
    expect(rows(stdout)[0]).toMatchObject({
      model: "anthropic/claude-opus-5-5",
      skipped: [{ model: "openai/gpt-6.1-sol", reason: "breaker-open" }],
    });
  });

  it("reports invalid settings with their place, and applies the others", async () => {
    const settings = {
      "switchyard.routes": [{ name: "All", models: ["openai/gpt-6-luna"], pik: "first" }],
      "switchyard.budget.dailyUsd": "five",
      "switchyard.semantic.embedder": "openai/text-embedding-3-small",
    };
    await program.write("wrong.json", JSON.stringify(settings));
    const { code, stdout, stderr } = await program.run(
      ["decide", "--settings", "wrong.json"],
      '{"prompt":"a"}',
    );
    expect(code).toBe(0);
    expect(rows(stdout)).toHaveLength(1);
    expect(stderr).toContain('wrong.json: switchyard.routes[0].pik: "pik" is not a known key.');
    expect(stderr).toContain("wrong.json: switchyard.budget.dailyUsd: ");
    expect(stderr).toContain("The built-in embedder is used instead of openai/text-embedding-3-small");
  });

  it("reports a usage error on one line, and exits with 2", async () => {
    await program.write("odd.json", '{"remaningUsd":1}');
    await program.write("in.jsonl", '{"prompt":"a"}\n');
    for (const [args, message] of [
      [[], "The command is missing"],
      [["decde"], "Did you mean decide?"],
      [["decide"], "--settings FILE is missing."],
      [[...decide, "--verbose"], "Unknown option --verbose."],
      [["decide", "--settings", "nowhere.json"], "no such file or directory"],
      [[...decide, "--input", "nowhere.jsonl"], "no such file or directory"],
      [[...decide, "--input", "."], "it is a folder"],
      [[...decide, "--output", "nowhere/out.jsonl"], "no such file or directory"],
      [[...decide, "--input", "in.jsonl", "--output", "in.jsonl"], "would overwrite in.jsonl"],
      [[...decide, "--world", "odd.json"], 'Did you mean "remainingUsd"?'],
    ] as const) {
      const { code, stdout, stderr } = await program.run(args);
      expect([args, code, stdout]).toEqual([args, 2, ""]);
      expect(stderr).toMatch(/^[^\n]+\n$/);
      expect(stderr).toContain(message);
    }
    expect(await readFile(program.file("in.jsonl"), "utf8")).toBe('{"prompt":"a"}\n');
  });

  it.runIf(existsSync("/dev/full"))("reports a full disk, whatever the length of the output", async () => {
    const line = `${JSON.stringify({ prompt: "What is a closure?" })}\n`;
    const message = (name: string) => `switchyard: Cannot write ${name}: no space left on device.\n`;
    for (const count of [1, 400]) {
      const ran = await program.run([...decide, "--output", "/dev/full"], line.repeat(count));
      expect(ran).toEqual({ code: 2, stdout: "", stderr: message("/dev/full") });
    }
    const toStdout = await program.run(decide, line, inShell(">/dev/full"));
    expect(toStdout).toEqual({ code: 2, stdout: "", stderr: message("stdout") });
    const help = await program.run(["--help"], "", inShell(">/dev/full"));
    expect(help).toEqual({ code: 2, stdout: "", stderr: message("stdout") });
    const summary = await program.run([...decide, "--summary"], line, inShell("2>/dev/full"));
    expect([summary.code, rows(summary.stdout)]).toEqual([2, [expect.anything()]]);
  });

  it.skipIf(process.platform === "win32")(
    "leaves no part of an output that does not fit, and keeps the file before it",
    async () => {
      const line = `${JSON.stringify({ prompt: "What is a closure?" })}\n`;
      await program.write("before.jsonl", "before");
      const names = await readdir(program.dir);
      for (const output of ["before.jsonl", "new.jsonl"]) {
        // The largest file that the shell's child may write, in blocks of 512 or 1024 bytes.
        const limited = inShell("", "ulimit -f 8");
        const { code, stderr } = await program.run(
          [...decide, "--output", output],
          line.repeat(100),
          limited,
        );
        expect([code, stderr]).toEqual([2, `switchyard: Cannot write ${output}: file too large.\n`]);
      }
      expect(await readdir(program.dir)).toEqual(names);
      expect(await readFile(program.file("before.jsonl"), "utf8")).toBe("before");
    },
  );

  it.skipIf(process.platform === "win32")("leaves no part of its output when a signal ends it", async () => {
    const names = await readdir(program.dir);
    const child = program.start([...decide, "--output", "interrupted.jsonl"]);
    child.stdin?.write(`${JSON.stringify({ prompt: "What is a closure?" })}\n`);
    await expect.poll(() => readdir(program.dir)).not.toEqual(names);
    child.kill("SIGINT");
    await ended(child);
    expect([child.signalCode, await readdir(program.dir)]).toEqual(["SIGINT", names]);
  });

  it("accepts a byte order mark in every file", async () => {
    await program.write("marked.json", `\uFEFF${SETTINGS}`);
    await program.write("marked-world.json", '\uFEFF{ "openBreakers": ["openai/gpt-6.1-sol"] }');
    const args = ["decide", "--settings", "marked.json", "--world", "marked-world.json"];
    const { code, stdout, stderr } = await program.run(args, '\uFEFF{"prompt":"Compare a and b"}');
    expect([code, stderr]).toEqual([0, ""]);
    expect(rows(stdout)[0]).toMatchObject({ model: "anthropic/claude-opus-5-5" });
  });

  it("names the encoding of a file that is not UTF-8", async () => {
    const input = '{"prompt":"a"}\n';
    const marked = Buffer.from(`\uFEFF${SETTINGS}`, "utf16le");
    await writeFile(program.file("utf16.json"), marked);
    await writeFile(program.file("utf16be.json"), Buffer.from(marked).swap16());
    await writeFile(program.file("latin1.json"), Buffer.from('{ "switchyard.user": "Zoë" }', "latin1"));
    await writeFile(program.file("utf16.jsonl"), Buffer.from(input, "utf16le"));
    const message = (name: string, problem: string) =>
      `switchyard: Cannot read ${name}: it is ${problem}. Save it with the encoding UTF-8.\n`;
    for (const [args, stderr] of [
      [["--settings", "utf16.json"], message("the settings file utf16.json", "encoded in UTF-16")],
      [["--settings", "utf16be.json"], message("the settings file utf16be.json", "encoded in UTF-16")],
      [["--settings", "latin1.json"], message("the settings file latin1.json", "not UTF-8")],
      [
        ["--settings", "settings.json", "--world", "utf16.json"],
        message("the world file utf16.json", "encoded in UTF-16"),
      ],
      [["--settings", "settings.json", "--input", "utf16.jsonl"], message("the input", "encoded in UTF-16")],
    ] as const) {
      expect(await program.run(["decide", ...args], input)).toEqual({ code: 2, stdout: "", stderr });
    }
  });

  it("shows its help and its version", async () => {
    for (const args of [["--help"], ["-h"], ["decide", "--help"], ["decide", "-h"]]) {
      const { code, stdout, stderr } = await program.run(args);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(/^Usage: switchyard /);
    }
    expect(await program.run(["--version"])).toEqual({ code: 0, stdout: "1.2.3\n", stderr: "" });
  });

  it("exits without an error if its output is closed, as by head", async () => {
    const child = program.start(decide);
    child.stdin?.on("error", () => undefined);
    const line = `${JSON.stringify({ prompt: "What is a closure?" })}\n`;
    // More than a pipe holds. The program must exit although its input is still open.
    child.stdin?.write(line.repeat(20_000));
    let stderr = "";
    child.stderr?.on("data", (piece: Buffer) => {
      stderr += piece.toString();
    });
    if (child.stdout !== null) {
      await once(child.stdout, "data");
      child.stdout.destroy();
    }
    expect(await ended(child)).toBe(0);
    expect(stderr).toBe("");
  });

  it("decides each line as soon as it arrives", async () => {
    const child = program.start(decide);
    for (const [at, prompt] of ["What is a closure?", "Compare a and b"].entries()) {
      child.stdin?.write(`${JSON.stringify({ prompt })}\n`);
      if (child.stdout === null) throw new Error("stdout is not a pipe.");
      const [piece]: Buffer[] = await once(child.stdout, "data");
      expect(JSON.parse(String(piece))).toMatchObject({ line: at + 1 });
    }
    child.stdin?.end();
    expect(await ended(child)).toBe(0);
  });
});

describe("the documentation of decide", () => {
  it("contains input and a world file that are valid", async () => {
    const page = await readFile(inProject("docs/cli.md"), "utf8");
    const block = (language: string) =>
      new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? "";
    await program.write("documented.jsonl", block("json"));
    await program.write("documented-world.json", block("jsonc"));
    const args = [...decide, "--input", "documented.jsonl", "--world", "documented-world.json"];
    const { code, stdout, stderr } = await program.run(args);
    expect([code, stderr]).toEqual([0, ""]);
    expect(rows(stdout)).toHaveLength(4);
    for (const name of Object.keys(rows(stdout)[0] ?? {})) expect(page).toContain(`\`${name}\``);
  });
});

describe("an old version of Node", () => {
  it.each(["12.22.12", "18.20.8", "20.11.1", "21.6.2"])("is rejected: %s", async (version) => {
    const fake = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });`;
    const file = await program.write("fake.cjs", fake);
    const ran = await program.run(["decide"], "", [process.execPath, "--require", file]);
    expect(ran).toEqual({
      code: 2,
      stdout: "",
      stderr: `switchyard: Node 20.12 or newer is required, but this is Node ${version}.\n`,
    });
  });

  it("is checked before anything is imported", async () => {
    const entry = await readFile(program.entry, "utf8");
    expect(entry).not.toMatch(/^import|[;}]import[ {*"]/);
  });

  const systemNode = "/usr/bin/node";
  const hasNode20 = existsSync(systemNode) && /^v20\.(1[2-9]|[2-9]\d)\./.test(versionOf(systemNode));
  it.runIf(hasNode20)("decides as the newest one does from 20.12 on", async () => {
    const input = '{"prompt":"Compare a and b","conversation":"c"}\n{"prompt":"go on","conversation":"c"}\n';
    const args = [...decide, "--world", "now.json"];
    await program.write("now.json", '{"now":"2026-11-21"}');
    const [old, current] = [
      await program.run(args, input, [systemNode]),
      await program.run(args, input, [process.execPath]),
    ];
    expect(old).toEqual(current);
    expect(old.code).toBe(0);
  });
});

/** The program and its flags for `CliProgram.run`: a shell that redirects the program's streams. */
function inShell(redirections: string, before = "true"): readonly string[] {
  return ["/bin/sh", "-c", `${before}; exec "$0" "$@" ${redirections}`, process.execPath];
}

function versionOf(node: string): string {
  return execFileSync(node, ["--version"], { encoding: "utf8" });
}
