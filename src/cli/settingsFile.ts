import { readFile } from "node:fs/promises";
import type { Catalogue } from "../models/catalogue.ts";
import { knownTo } from "../models/catalogue.ts";
import { STAND_IN } from "../providers/connections.ts";
import { checkSettings } from "../settings/checks.ts";
import { readJsonc } from "../settings/jsonc.ts";
import { readSettings } from "../settings/read.ts";
import type { Settings } from "../settings/schema.ts";
import { reasonOf, UsageError } from "./terminal.ts";

const BUILT_IN = "built-in";

/** The settings of a file, and a line for each thing that is wrong in them or that holds otherwise here. */
export type SettingsFile = { readonly settings: Settings; readonly notes: readonly string[] };

/** The settings for a command that asks nobody. @throws UsageError where the file cannot be read */
export async function readOfflineSettings(file: string, catalogue: Catalogue): Promise<SettingsFile> {
  const read = await readSettingsFile(file, catalogue);
  const { embedder } = read.settings.semantic;
  if (embedder === BUILT_IN) return read;
  const note = `${file}: switchyard.semantic.embedder: The built-in embedder stands in for ${embedder}: nothing is asked here.`;
  return {
    settings: { ...read.settings, semantic: { embedder: BUILT_IN } },
    notes: [...read.notes, note],
  };
}

/** @throws UsageError where the file cannot be read */
export async function readSettingsFile(file: string, catalogue: Catalogue): Promise<SettingsFile> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new UsageError(`The settings file ${file} cannot be read: ${reasonOf(error)}.`);
  });
  return settingsIn(text, file, catalogue);
}

function settingsIn(text: string, file: string, catalogue: Catalogue): SettingsFile {
  const { raw, errors } = readJsonc(text.replace(/^\uFEFF/, ""));
  const read = readSettings(raw);
  const known = knownTo(catalogue, read.settings, [STAND_IN]);
  const problems = [...read.problems, ...checkSettings(read, known)];
  const notes = [
    ...errors.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`),
    ...problems.map(({ place, message, repair }) => `${file}: ${place}: ${message} ${repair}`),
  ];
  return { settings: read.settings, notes };
}
