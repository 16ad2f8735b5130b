import { type Catalogue, knownTo } from "../models/catalogue.ts";
import { SIMULATOR_ID } from "../providers/registry/providerRegistry.ts";
import { checkSettings } from "../settings/checks.ts";
import { readJsonc } from "../settings/jsonc.ts";
import { readSettings } from "../settings/read.ts";
import type { Settings } from "../settings/schema.ts";
import { readTextFile } from "./textFile.ts";

/** The settings in a file, and a line of text for each problem in it. */
export type SettingsFile = {
  readonly settings: Settings;
  readonly problems: readonly string[];
  /** False if the file is empty or not valid JSON, as while another program writes it: a part may be missing. */
  readonly isComplete: boolean;
  /** How many of the problems are syntax errors, or in what decides where prompts go and what may be spent. */
  readonly unreadable: number;
};

/** Reads a settings file of VS Code. @throws UsageError if the file cannot be read */
export async function readSettingsFile(file: string, catalogue: Catalogue): Promise<SettingsFile> {
  const text = await readTextFile(file, `the settings file ${file}`);
  const { raw, errors } = readJsonc(text);
  const read = readSettings(raw, errors.length > 0);
  const problems = [
    ...read.problems,
    ...checkSettings(read, knownTo(catalogue, read.settings, [SIMULATOR_ID])),
  ];
  return {
    settings: read.settings,
    isComplete: errors.length === 0 && text.trim() !== "",
    unreadable: errors.length + read.problems.filter(({ isUnreadable }) => isUnreadable).length,
    problems: [
      ...errors.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`),
      ...problems.map(({ place, message, repair }) => `${file}: ${place}: ${message} ${repair}`),
    ],
  };
}
