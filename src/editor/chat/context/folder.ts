import * as vscode from "vscode";
import { fenced, type Gathered } from "../../../assistant/context.ts";
import { estimateTokens } from "../../../models/tokens.ts";
import { offeredFiles, searchExclude } from "./git/ignored.ts";
import { type KnownLinks, ownText } from "./ownText.ts";
import { isPrivateDocument, placeOfDocument } from "./places.ts";
import { nothing } from "./source.ts";

/** The names of at most so many files are listed. */
const MAX_LISTED = 1_000;
/** The content of files is included up to so many tokens, in all and for one file. */
const MAX_TOKENS = 20_000;
const MAX_FILE_TOKENS = 5_000;
/** A file of more bytes has more tokens than `MAX_FILE_TOKENS` in any language. */
const MAX_FILE_BYTES = 64_000;

/**
 * Gathers a folder: the list of its files, and the content of the small ones within a bound of tokens. Files that are
 * private, or that Git or the settings ignore, are no part of it.
 */
export async function folder(uri: vscode.Uri, privatePaths: readonly string[]): Promise<Gathered> {
  const { path } = placeOfDocument(uri);
  const pattern = new vscode.RelativePattern(uri, "**/*");
  const found = await vscode.workspace.findFiles(pattern, searchExclude(uri), 10 * MAX_LISTED);
  const files = (await offeredFiles(found, privatePaths)).toSorted(byDepth);
  if (files.length === 0)
    return nothing(vscode.l10n.t("{folder} has no files that can be attached.", { folder: path }));
  const listed = files.slice(0, MAX_LISTED);
  const list = listed.map((file) => placeOfDocument(file).path).join("\n");
  const contents = await smallFiles(listed, MAX_TOKENS - estimateTokens(list));
  const text = [list, ...contents.map(({ text }) => text)].join("\n\n");
  return {
    kind: "items",
    items: [
      {
        kind: "folder",
        path,
        paths: contents.map((content) => content.path),
        text,
        tokens: estimateTokens(text),
        isPrivate: isPrivateDocument(privatePaths, uri),
        source: uri.toString(),
        leftOut:
          contents.length === files.length
            ? undefined
            : { unit: "files", included: contents.length, total: files.length },
      },
    ],
  };
}

type Content = { readonly path: string; readonly text: string };

async function smallFiles(files: readonly vscode.Uri[], maxTokens: number): Promise<readonly Content[]> {
  const contents: Content[] = [];
  const links: KnownLinks = new Map();
  let left = maxTokens;
  for (const file of files) {
    if (left <= 0) break;
    const source = await ownText(file, MAX_FILE_BYTES, links);
    if (source === undefined || source === "") continue;
    const { path } = placeOfDocument(file);
    const text = `${path}:\n${fenced(source, "")}`;
    const tokens = estimateTokens(text);
    if (tokens > Math.min(left, MAX_FILE_TOKENS)) continue;
    left -= tokens;
    contents.push({ path, text });
  }
  return contents;
}

/** The files at the top of the folder come first, then by name. */
function byDepth(one: vscode.Uri, other: vscode.Uri): number {
  const depth = (uri: vscode.Uri) => uri.path.split("/").length;
  return depth(one) - depth(other) || (one.path < other.path ? -1 : 1);
}
