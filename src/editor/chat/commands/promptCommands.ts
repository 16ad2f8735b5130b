import * as vscode from "vscode";
import { BUILT_IN_COMMANDS } from "../../../assistant/commands/builtIn.ts";
import {
  type FilledPrompt,
  fillPrompt,
  type PromptSources,
  type PromptTemplate,
} from "../../../assistant/commands/fillPrompt.ts";
import type { Prompt } from "../../../contract/conversation.ts";
import type { PromptCommand } from "../../../contract/view/commandMessages.ts";
import type { Settings } from "../../../settings/schema.ts";
import type { WorkspacePrompts } from "./workspacePrompts.ts";

export type PromptCommandsDeps = {
  /** The user's own prompts, by name. */
  readonly settings: () => Settings["prompts"];
  readonly workspace: Pick<WorkspacePrompts, "get">;
  readonly sources: PromptSources;
};

type Known = { readonly template: PromptTemplate; readonly command: PromptCommand };

/** The commands that send a prompt: the built-in ones, the user's own from the settings, and those of the workspace. */
export class PromptCommands {
  readonly #deps: PromptCommandsDeps;

  constructor(deps: PromptCommandsDeps) {
    this.#deps = deps;
  }

  /** The commands as the view lists them. */
  async list(): Promise<PromptCommand[]> {
    return [...(await this.#known()).values()].map(({ command }) => command);
  }

  /** The user's own commands, and those of the workspace. `edits`: they edit the selected code. */
  async own(): Promise<readonly { readonly command: PromptCommand; readonly edits: boolean }[]> {
    return [...(await this.#known()).values()]
      .filter(({ command }) => command.source !== "built-in")
      .map(({ command, template }) => ({ command, edits: template.edit === true }));
  }

  /**
   * Returns a prompt whose text begins with a command as the command's prompt, and any other one as it is.
   * @param maxAgeMs how old slowly gathered content may be, for a prompt that is not sent yet
   */
  async fill(prompt: Prompt, maxAgeMs: number = 0): Promise<FilledPrompt> {
    const [, name, words = ""] = /^\/(\S+)(?:\s+(.*))?$/s.exec(prompt.text) ?? [];
    const known = name === undefined ? undefined : (await this.#known()).get(name);
    if (known === undefined) return { kind: "prompt", prompt };
    return fillPrompt(known.template, { ...prompt, text: words.trim() }, this.#deps.sources, maxAgeMs);
  }

  /** By name. The user's own replace built-in ones, and those of the settings come before those of the workspace. */
  async #known(): Promise<ReadonlyMap<string, Known>> {
    const descriptions = builtInDescriptions();
    const known = new Map<string, Known>();
    const add = (template: PromptTemplate, source: PromptCommand["source"], description: string) => {
      const { name } = template;
      known.set(name, { template, command: { name, description, source } });
    };
    for (const template of BUILT_IN_COMMANDS) add(template, "built-in", descriptions[template.name] ?? "");
    const own = Object.entries(this.#deps.settings());
    for (const prompt of await this.#deps.workspace.get()) {
      const { fileName: file, description = vscode.l10n.t("Your prompt, {file}", { file }) } = prompt;
      if (!own.some(([name]) => name === prompt.name)) add(prompt, "workspace", description);
    }
    for (const [name, { text, edit }] of own)
      add({ name, text, edit }, "settings", vscode.l10n.t("Your prompt, from settings"));
    return known;
  }
}

function builtInDescriptions(): Readonly<Record<string, string>> {
  return {
    explain: vscode.l10n.t("Explain the selected code"),
    fix: vscode.l10n.t("Find and fix what is wrong"),
    tests: vscode.l10n.t("Write tests for the selection"),
    document: vscode.l10n.t("Write comments for the selection"),
    refactor: vscode.l10n.t("Make the selection easier to read"),
    review: vscode.l10n.t("Look for mistakes in the selection"),
    commit: vscode.l10n.t("Write a commit message"),
  };
}
