import { createReadStream, createWriteStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { type BuiltInEmbedder, loadBuiltIn } from "../embedding/builtIn.ts";
import { withProvider } from "../models/catalogue.ts";
import { loadCatalogue } from "../models/catalogueFiles.ts";
import { STAND_IN } from "../providers/connections.ts";
import { createClassifier } from "../routing/classify/classify.ts";
import { SimilarityFinder } from "../routing/semantic/similarities.ts";
import { SIMULATOR_CARDS } from "../simulator/models.ts";
import type { DecideArguments } from "./arguments.ts";
import { assumedWorld, strangersIn } from "./assumedWorld.ts";
import { Conversations } from "./conversations.ts";
import type { DeciderDeps } from "./decider.ts";
import { decideStream } from "./decideStream.ts";
import { readOfflineSettings } from "./settingsFile.ts";
import { Sink } from "./sink.ts";
import { EXIT, reasonOf, type Terminal, UsageError } from "./terminal.ts";
import { readWorldFile } from "./worldFile.ts";

type Asked = Extract<DecideArguments, { kind: "decide" }>;

/** `switchyard decide`: reads what it needs, decides line by line, and gives the exit code. */
export async function runDecide(asked: Asked, terminal: Terminal): Promise<number> {
  const { stderr, dataDir, nowMs } = terminal;
  const tell = (words: string): void => {
    stderr.write(`${words}\n`);
  };
  const folder = fileURLToPath(dataDir);
  const catalogue = withProvider(await loadCatalogue(folder), STAND_IN, SIMULATOR_CARDS);
  const { settings, notes } = await readOfflineSettings(asked.settings, catalogue);
  const file = asked.world === undefined ? {} : await readWorldFile(asked.world);
  await keepInputs(asked);
  for (const note of notes) tell(note);
  const world = assumedWorld(settings, catalogue, file, nowMs);
  for (const stranger of strangersIn(file, world)) tell(`${asked.world}: Nobody here knows "${stranger}".`);

  let builtIn: Promise<BuiltInEmbedder> | undefined;
  const similarities = new SimilarityFinder({
    builtIn: () => {
      builtIn ??= loadBuiltIn(folder);
      return builtIn;
    },
    remote: (ref) => {
      throw new Error(`${ref} was to be replaced by the built-in embedder.`);
    },
    history: () => Promise.reject(new Error("Nothing is remembered here.")),
  });
  const deps: DeciderDeps = {
    settings,
    world,
    classify: createClassifier((...input) => similarities.find(...input)),
    conversations: new Conversations(),
  };
  const input = await inputOf(asked, terminal);
  const sink = new Sink(await outputOf(asked, terminal), asked.output !== undefined);
  try {
    const { malformed, summary } = await decideStream(input, sink, deps, tell);
    if (asked.summary) stderr.write(summary.text());
    return malformed === 0 ? EXIT.ok : EXIT.someFailed;
  } catch (error) {
    if (error instanceof Error && "syscall" in error)
      throw new UsageError(`Input or output broke off: ${reasonOf(error)}.`, { cause: error });
    throw error;
  }
}

async function inputOf({ input }: Asked, { stdin }: Terminal): Promise<Readable> {
  if (input === undefined) return stdin;
  const handle = await open(input).catch((error: unknown) => {
    throw new UsageError(`The input ${input} cannot be read: ${reasonOf(error)}.`);
  });
  if ((await handle.stat()).isDirectory()) {
    await handle.close();
    throw new UsageError(`The input ${input} cannot be read: it is a folder.`);
  }
  return createReadStream(input, { fd: handle });
}

async function outputOf({ output }: Asked, { stdout }: Terminal): Promise<Writable> {
  if (output === undefined) return stdout;
  const handle = await open(output, "w").catch((error: unknown) => {
    throw new UsageError(`The output ${output} cannot be written: ${reasonOf(error)}.`);
  });
  return createWriteStream(output, { fd: handle });
}

/** The output must not be written over what is read. */
async function keepInputs({ settings, input, output, world }: Asked): Promise<void> {
  const identityOf = async (file: string): Promise<string | undefined> => {
    const { dev, ino } = (await stat(file).catch(() => undefined)) ?? {};
    return ino === undefined ? undefined : `${dev} ${ino}`;
  };
  const written = output === undefined ? undefined : await identityOf(output);
  if (written === undefined) return;
  for (const file of [settings, input, world]) {
    if (file !== undefined && (await identityOf(file)) === written)
      throw new UsageError(`The output would be written over ${file}.`);
  }
}
