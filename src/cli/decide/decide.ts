import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { lazy } from "../../base/lazy.ts";
import { loadBuiltIn } from "../../embedding/builtIn.ts";
import { type Catalogue, withProvider } from "../../models/catalogue.ts";
import { loadCatalogue } from "../../models/catalogueFiles.ts";
import { SIMULATOR_ID } from "../../providers/registry/providerRegistry.ts";
import { createClassifier } from "../../routing/classify/classify.ts";
import { SimilarityFinder } from "../../routing/semantic/similarities.ts";
import type { Settings } from "../../settings/schema.ts";
import { SIMULATOR_CARDS } from "../../simulator/models.ts";
import type { DecideOptions } from "../arguments.ts";
import { readSettingsFile, type SettingsFile } from "../settingsFile.ts";
import { EXIT, reasonOf, type Terminal, UsageError } from "../terminal.ts";
import { BatchWriter, createFileOutput, writeText } from "../writer.ts";
import { Decider } from "./decider.ts";
import { type Line, LineSplitter, readPrompt } from "./input.ts";
import { outputLine, Summary } from "./output.ts";
import { assumedWorld, readWorldFile, unknownNamesIn } from "./world.ts";

/** How many unknown fields of the input are reported, each once. */
const MAX_UNKNOWN_FIELDS = 10;

/** Runs `switchyard decide`: decides the input line by line. Returns the exit code. */
export async function runDecide(options: DecideOptions, terminal: Terminal): Promise<number> {
  const { stderr, dataDir, nowMs } = terminal;
  const report = (text: string): void => {
    stderr.write(`${text}\n`);
  };
  const folder = fileURLToPath(dataDir);
  const catalogue = withProvider(await loadCatalogue(folder), SIMULATOR_ID, SIMULATOR_CARDS);
  const { settings, problems } = await readOfflineSettings(options.settings, catalogue);
  const assumptions = options.world === undefined ? {} : await readWorldFile(options.world);
  await rejectOverwriting(options);
  for (const problem of problems) report(problem);
  const world = assumedWorld(settings, catalogue, assumptions, nowMs);
  for (const name of unknownNamesIn(assumptions, world))
    report(`${options.world}: "${name}" is not a known model or provider.`);

  const decider = new Decider({ settings, world, classify: offlineClassifier(folder) });
  const input = await openInput(options, terminal);
  const file = options.output === undefined ? undefined : await createFileOutput(options.output);
  const output = file?.writer ?? new BatchWriter(terminal.stdout, "stdout", false);
  try {
    const summary = await decideAll(input, output, decider, report);
    await file?.complete();
    if (options.summary) await writeText(stderr, "stderr", summary.text());
    return summary.invalidLines === 0 ? EXIT.ok : EXIT.failed;
  } catch (error) {
    await file?.discard();
    if (error instanceof Error && "syscall" in error) {
      const name = options.input ?? "from stdin";
      throw new UsageError(`Cannot read the input ${name}: ${reasonOf(error)}.`, { cause: error });
    }
    throw error;
  }
}

/**
 * Decides every line of the input, in order, and writes the decisions. An invalid line is reported with its number, and
 * the next lines are decided. Stops without an error if the reader closes the output.
 */
async function decideAll(
  input: Readable,
  output: BatchWriter,
  decider: Decider,
  report: (text: string) => void,
): Promise<Summary> {
  const summary = new Summary();
  const reportedFields = new Set<string>();
  const decideOne = async (line: Line): Promise<object> => {
    const { number } = line;
    const read = readPrompt(line);
    const rejected = (error: string): object => {
      summary.addInvalidLine();
      report(`line ${number}: ${error}`);
      return { line: number, error };
    };
    if (read.kind === "invalid") return rejected(read.error);
    if (!decider.canDecide(read.prompt))
      return rejected("act: There is no prompt before it in its conversation.");
    for (const name of read.unknownFields) {
      if (reportedFields.has(name) || reportedFields.size >= MAX_UNKNOWN_FIELDS) continue;
      reportedFields.add(name);
      report(`line ${number}: The unknown field "${name.slice(0, 60)}" is ignored.`);
    }
    const decided = outputLine(number, await decider.decide(read.prompt, number));
    summary.add(decided);
    return decided;
  };
  const writeAll = async (lines: readonly Line[]): Promise<void> => {
    for (const line of lines) {
      if (line.text.trim() === "" && !line.isTooLong) continue;
      await output.write(`${JSON.stringify(await decideOne(line))}\n`);
    }
    // Slow input is answered as it arrives.
    await output.flush();
  };
  const splitter = new LineSplitter();
  for await (const chunk of input) {
    await writeAll(splitter.push(chunk));
    if (output.isClosed) break;
  }
  if (!output.isClosed) await writeAll(splitter.end());
  await output.end();
  return summary;
}

/** Reads settings for a command without network access: the built-in embedder replaces any other. */
async function readOfflineSettings(file: string, catalogue: Catalogue): Promise<SettingsFile> {
  const read = await readSettingsFile(file, catalogue);
  const { embedder } = read.settings.semantic;
  if (embedder === "built-in") return read;
  const note = `${file}: switchyard.semantic.embedder: The built-in embedder is used instead of ${embedder}, because decide does not use the network.`;
  const settings: Settings = { ...read.settings, semantic: { embedder: "built-in" } };
  return { ...read, settings, problems: [...read.problems, note] };
}

function offlineClassifier(folder: string) {
  const builtIn = lazy(() => loadBuiltIn(folder));
  const similarities = new SimilarityFinder({
    builtIn,
    remote: (ref) => {
      throw new Error(`The embedder ${ref} is not available offline.`);
    },
    history: () => Promise.reject(new Error("There is no history.")),
  });
  return createClassifier(
    (...input) => similarities.find(...input),
    async (texts) => (await builtIn()).embedSync(texts),
  );
}

async function openInput({ input }: DecideOptions, { stdin }: Terminal): Promise<Readable> {
  if (input === undefined) return stdin;
  const handle = await open(input).catch((error: unknown) => {
    throw new UsageError(`Cannot read the input ${input}: ${reasonOf(error)}.`);
  });
  if ((await handle.stat()).isDirectory()) {
    await handle.close();
    throw new UsageError(`Cannot read the input ${input}: it is a folder.`);
  }
  return createReadStream(input, { fd: handle });
}

/** @throws UsageError if the output is one of the files that are read */
async function rejectOverwriting({ settings, input, output, world }: DecideOptions): Promise<void> {
  const identityOf = async (file: string): Promise<string | undefined> => {
    const { dev, ino } = (await stat(file).catch(() => undefined)) ?? {};
    return ino === undefined ? undefined : `${dev} ${ino}`;
  };
  const written = output === undefined ? undefined : await identityOf(output);
  if (written === undefined) return;
  for (const file of [settings, input, world]) {
    if (file !== undefined && (await identityOf(file)) === written)
      throw new UsageError(`The output would overwrite ${file}.`);
  }
}
