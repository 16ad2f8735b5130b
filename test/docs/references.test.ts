import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { describe, expect, it } from "vitest";
import { inProject } from "../../scripts/project.ts";
import { isRecord } from "../../src/base/isRecord.ts";
import { decideOptions, serveOptions, spendOptions } from "../../src/cli/arguments.ts";
import { SETTING_NAMES } from "../../src/settings/schema.ts";
import {
  blocksOf,
  codeSpansIn,
  documentAt,
  documents,
  proseOf,
  shellCommandsIn,
  tableRowsIn,
  wordsOf,
} from "./documents.ts";

const manifest: unknown = JSON.parse(readFileSync(inProject("package.json"), "utf8"));

/** The anchor of each heading, as GitHub and VS Code derive it. */
function anchorsOf(path: string): readonly string[] {
  return [...readFileSync(inProject(path), "utf8").matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe.each(documents)("$path", (document) => {
  const { path, text } = document;

  it("links only to files and headings that exist", () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
    for (const link of links.filter((each) => !/^https?:/.test(each))) {
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? path : join(dirname(path), decodeURI(file));
      expect(existsSync(inProject(target)), link).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(target), link).toContain(anchor);
    }
  });

  it("names only files and folders that exist", () => {
    const named = codeSpansIn(proseOf(document)).filter((code) =>
      /^(?:src|test|scripts|docs|media)\/[\w./-]*$|^\.(?:nvmrc|vscode|github)\b[\w./-]*$/.test(code),
    );
    for (const each of named)
      if (!each.startsWith(".vscode-test")) expect(inProject(each)).toSatisfy(existsSync);
  });

  it("names only npm scripts, benchmarks and test files that exist", () => {
    const scripts =
      isRecord(manifest) && isRecord(manifest["scripts"]) ? Object.keys(manifest["scripts"]) : [];
    const tests = globSync("{src,test}/**/*.{test,e2e,bench}.ts", { cwd: inProject() });
    const commands = [...codeSpansIn(proseOf(document)), ...shellCommandsIn(document)];
    for (const command of commands.filter((each) => /^npm (?:run|start|test)\b/.test(each))) {
      const [, first = "", second = "", ...rest] = wordsOf(command);
      expect(scripts, command).toContain(first === "run" ? second : first);
      const [filter] = first === "run" ? rest : [];
      if (filter === undefined || filter.startsWith("<")) continue;
      const kind = second === "bench" ? ".bench.ts" : second === "test:e2e" ? ".e2e.ts" : ".test.ts";
      expect(tests.filter((test) => test.includes(filter) && test.endsWith(kind))).not.toEqual([]);
    }
  });

  it("names only commands of the extension that exist", () => {
    const contributes =
      isRecord(manifest) && isRecord(manifest["contributes"]) ? manifest["contributes"] : {};
    const commands: unknown = contributes["commands"];
    const titles = Array.isArray(commands)
      ? commands.map((each: unknown) => isRecord(each) && each["title"])
      : [];
    for (const [, title] of text.matchAll(/\*Switchyard: ([^*]+)\*/g)) expect(titles).toContain(title);
  });

  // The changelog also names settings that were removed.
  if (path !== "CHANGELOG.md") {
    it("names only settings that exist", () => {
      const prose = codeSpansIn(proseOf(document));
      for (const code of prose.filter((each) => /^switchyard\.(?!js\b)[\w.*]+$/.test(each))) {
        const isGroup =
          code.endsWith(".*") && SETTING_NAMES.some((name) => name.startsWith(code.slice(0, -1)));
        const isField = SETTING_NAMES.some((name) => code === name || code.startsWith(`${name}.`));
        expect(isGroup || isField, code).toBe(true);
      }
    });
  }

  it("has only blocks that a test runs or reads", () => {
    for (const { language } of blocksOf(document)) expect(["sh", "json", "jsonc"]).toContain(language);
  });
});

describe("shell commands in the documents", () => {
  const commands = shellCommandsIn(...documents);

  it("are npm scripts, the `switchyard` command, or requests to its server", () => {
    for (const command of commands)
      expect(command).toMatch(
        /^(?:npm (?:ci|start|test|run )|node dist\/switchyard\.js (?:decide|serve|spend) |curl )/,
      );
  });

  it("have arguments that the command line accepts", () => {
    const own = commands.filter((command) => command.startsWith("node dist/switchyard.js "));
    expect(own.length).toBeGreaterThan(2);
    for (const command of own) {
      const [, , name, ...args] = wordsOf(command);
      const settings = "~/.config/Code/User/settings.json";
      if (name === "spend") expect(spendOptions(args)).toMatchObject({ by: "model" });
      else if (name === "decide") expect(decideOptions(args)).toMatchObject({ settings });
      else expect(serveOptions(args)).toMatchObject({ settings });
    }
  });

  it("have options that the command line accepts, one for each row of the tables", () => {
    const argumentsIn = (text: string) =>
      tableRowsIn(text)
        .filter(([option = ""]) => option.startsWith("`--"))
        .flatMap(([option = ""]) => option.replaceAll("`", "").replace(" N", " 0").split(" "));
    const [, decide = "", spend = ""] = documentAt("docs/cli.md").text.split(/^## /m);
    expect(decideOptions(argumentsIn(decide))).toMatchObject({ world: "FILE", summary: true });
    expect(spendOptions(argumentsIn(spend))).toEqual({
      ...{ by: "GROUP", since: "DAY", days: "0", json: true, settings: "FILE", ledger: "FILE" },
    });
    expect(serveOptions(argumentsIn(documentAt("docs/serve.md").text))).toEqual({
      settings: "FILE",
      port: 0,
      ledger: "FILE",
      token: "TOKEN",
      lenient: true,
    });
  });
});

describe("README.md", () => {
  it("has at most 150 lines", () => {
    expect(documentAt("README.md").text.split("\n").length).toBeLessThanOrEqual(150);
  });

  it("links to every guide and reference", () => {
    for (const { path } of documents.filter((each) => each.path !== "README.md"))
      expect(documentAt("README.md").text).toContain(`(${path})`);
  });
});

describe("ARCHITECTURE.md", () => {
  it("lists every layer", () => {
    const { text } = documentAt("ARCHITECTURE.md");
    const layers = readdirSync(inProject("src"), { withFileTypes: true }).map((entry) =>
      entry.isDirectory() ? `\`src/${entry.name}/\`` : `\`src/${entry.name}\``,
    );
    for (const layer of layers) expect(text).toContain(`| ${layer} |`);
  });
});
