import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { inProject } from "../project.ts";

/** Copies the files that are shipped unchanged, and makes the data files and the marketplace icon. @returns their paths */
export async function copyAssets(): Promise<string[]> {
  const written: string[] = [];
  const copies: [from: string, to: string][] = [
    ["src/webview/look.css", "dist/webview/look.css"],
    ["node_modules/@vscode/codicons/dist/codicon.css", "dist/webview/codicons/codicon.css"],
    ["node_modules/@vscode/codicons/dist/codicon.ttf", "dist/webview/codicons/codicon.ttf"],
    ["src/embedding/data/vectors.i4", "dist/data/vectors.i4"],
    ["src/embedding/data/vocab.txt", "dist/data/vocab.txt"],
  ];
  for (const [from, to] of copies) {
    if (!existsSync(inProject(from))) continue;
    await mkdir(dirname(inProject(to)), { recursive: true });
    await cp(inProject(from), inProject(to));
    written.push(to);
  }
  return [...written, ...(await minifyData()), await renderIcon()];
}

/** Writes the model cards and prices without white space. */
async function minifyData(): Promise<string[]> {
  const from = inProject("src/models/data");
  if (!existsSync(from)) return [];
  await mkdir(inProject("dist/data"), { recursive: true });
  const names = (await readdir(from)).filter((name) => name.endsWith(".json"));
  for (const name of names) {
    const data: unknown = JSON.parse(await readFile(inProject("src/models/data", name), "utf8"));
    await writeFile(inProject("dist/data", name), JSON.stringify(data));
  }
  return names.map((name) => `dist/data/${name}`);
}

/** Renders the manifest's `icon`, which must be a PNG. */
async function renderIcon(): Promise<string> {
  const { Resvg } = await import("@resvg/resvg-js");
  const png = new Resvg(await readFile(inProject("media/icon-128.svg"), "utf8")).render().asPng();
  await mkdir(inProject("dist"), { recursive: true });
  await writeFile(inProject("dist/icon-128.png"), png);
  return "dist/icon-128.png";
}
