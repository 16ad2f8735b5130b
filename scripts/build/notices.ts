import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import type { Metafile } from "esbuild";
import { inProject } from "../project.ts";

/** The licence of something that is shipped. */
type Notice = { readonly title: string; readonly license: string; readonly text: string };

const file = inProject("THIRD-PARTY-NOTICES.md");

/** Writes THIRD-PARTY-NOTICES.md: the licences of every package in a shipped bundle, of the data and of the fonts. */
export async function writeNotices(metafiles: readonly Metafile[]): Promise<void> {
  const packages = await Promise.all([...packagesIn(metafiles)].sort().map(packageNotice));
  const all = [...packages, await priceListNotice(), await embeddingTableNotice()];
  const sections = all.map(({ title, license, text }) => `## ${title}\n\n${license}\n\n${fenced(text)}\n`);
  const notices = [
    "# Third-party notices\n",
    "Switchyard includes the following third-party software and data. The build generates this file.\n",
    ...sections,
  ].join("\n");
  if (!existsSync(file) || (await readFile(file, "utf8")) !== notices) await writeFile(file, notices);
}

/** The folders of the packages that have code in a shipped bundle. */
export function packagesIn(metafiles: readonly Pick<Metafile, "outputs">[]): Set<string> {
  // The icons are shipped as a font and a style sheet, not in a bundle.
  const found = new Set(["node_modules/@vscode/codicons"]);
  for (const { outputs } of metafiles) {
    for (const [output, { inputs }] of Object.entries(outputs)) {
      if (output === "dist/demo.js") continue;
      for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
        const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
        if (folder !== undefined && bytesInOutput > 0) found.add(folder);
      }
    }
  }
  return found;
}

async function packageNotice(folder: string): Promise<Notice> {
  const manifest: unknown = JSON.parse(await readFile(inProject(folder, "package.json"), "utf8"));
  const { name, version, license } = manifest as Record<"name" | "version" | "license", string | undefined>;
  const names = (await readdir(inProject(folder))).sort();
  const texts = names.filter((entry) => /^(licen[cs]e|notice|copying)([-.].*)?$/i.test(entry));
  const read = texts.map((entry) => readFile(inProject(folder, entry), "utf8"));
  if (texts.length === 0) read.push(suppliedText(String(name)));
  return {
    title: `${name} ${version}`,
    license: license ?? "See below",
    text: (await Promise.all(read)).map(cleaned).join("\n\n---\n\n"),
  };
}

/** The licence text of a package that does not contain it. */
async function suppliedText(name: string): Promise<string> {
  const text = inProject("scripts/build/notices", `${name.replace("/", "-")}.txt`);
  if (!existsSync(text)) throw new Error(`${name} contains no licence text. Write it into ${text}.`);
  return readFile(text, "utf8");
}

async function priceListNotice(): Promise<Notice> {
  return {
    title: "Model prices and limits, from LiteLLM 1.109.1 (BerriAI/litellm)",
    license: "MIT",
    text: cleaned(await readFile(inProject("scripts/build/notices/litellm.txt"), "utf8")),
  };
}

/** The licence of the vectors requires the name of the source model, a list of the changes, and its own text. */
async function embeddingTableNotice(): Promise<Notice> {
  const parts = ["NOTICE.txt", "LICENSE.txt"].map((name) => inProject("src/embedding/data", name));
  const texts = await Promise.all(parts.map((part) => readFile(part, "utf8")));
  return {
    title: "Table of word vectors, derived from sentence-transformers/all-MiniLM-L6-v2",
    license: "Apache-2.0",
    text: texts.map(cleaned).join("\n\n---\n\n"),
  };
}

function cleaned(text: string): string {
  return text
    .replace(/^\uFEFF/, "")
    .replaceAll("\r\n", "\n")
    .trim();
}

function fenced(text: string): string {
  return `~~~~text\n${text}\n~~~~`;
}
