import * as vscode from "vscode";

/** The part of the built-in Git extension's API that context uses. https://github.com/microsoft/vscode/blob/main/extensions/git/src/api/git.d.ts */
export type GitRepository = {
  readonly rootUri: vscode.Uri;
  readonly state: {
    readonly HEAD: { readonly commit?: string } | undefined;
    readonly indexChanges: readonly GitChange[];
    readonly workingTreeChanges: readonly GitChange[];
    /** Undefined in versions of VS Code before 1.83. */
    readonly untrackedChanges?: readonly GitChange[];
    readonly mergeChanges: readonly GitChange[];
  };
  /** Resolves to the difference of a file between HEAD and the working tree. */
  diffWithHEAD(path: string): Promise<string>;
  /** Resolves to those of the paths that Git ignores. */
  checkIgnore?(paths: string[]): Promise<Set<string>>;
  /** Reads the state of the working tree again. */
  status(): Promise<void>;
};

export type GitChange = { readonly uri: vscode.Uri; readonly status: number };

type GitApi = {
  readonly state: "uninitialized" | "initialized";
  readonly onDidChangeState: vscode.Event<"uninitialized" | "initialized">;
  readonly repositories: readonly GitRepository[];
  getRepository(uri: vscode.Uri): GitRepository | null;
  /** Returns the URI of a file as it is in a commit. */
  toGitUri(uri: vscode.Uri, ref: string): vscode.Uri;
};

type GitExtension = { readonly enabled: boolean; getAPI(version: 1): GitApi };

/** The Git extension looks for repositories when it starts. It is not waited for any longer than this. */
const STARTS_WITHIN_MS = 3_000;

/** Returns the API of the built-in Git extension; undefined if it is not there, or turned off. */
export async function gitApi(): Promise<GitApi | undefined> {
  const extension = vscode.extensions.getExtension<GitExtension>("vscode.git");
  if (extension === undefined) return undefined;
  const git = extension.isActive ? extension.exports : await extension.activate();
  if (!git.enabled) return undefined;
  const api = git.getAPI(1);
  if (api.state === "uninitialized") await initialized(api);
  return api;
}

function initialized(api: GitApi): Promise<void> {
  return new Promise((resolve) => {
    const subscription = api.onDidChangeState(() => end());
    const timer = setTimeout(() => end(), STARTS_WITHIN_MS);
    const end = () => {
      clearTimeout(timer);
      subscription.dispose();
      resolve();
    };
  });
}
