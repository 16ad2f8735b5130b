import { unwatchFile, watchFile } from "node:fs";
import type { Catalogue } from "../../models/catalogue.ts";
import type { Settings } from "../../settings/schema.ts";
import { readSettingsFile } from "../settingsFile.ts";
import { reasonOf, UsageError } from "../terminal.ts";

/** How often the file is checked. Polling also sees a file that is replaced, or that is on another machine. */
const POLL_MS = 1000;

/** What settings that are read again when their file changes need. */
export type LiveSettingsDeps = {
  readonly file: string;
  readonly catalogue: Catalogue;
  /** Starts with settings of which a route, a provider or a limit cannot be read. */
  readonly isLenient: boolean;
  /** Receives each problem in the file, as a line of text. */
  readonly onProblem: (text: string) => void;
  /** Receives a sentence about each change. */
  readonly report: (text: string) => void;
};

/** The settings in a file. If its new content cannot be read, the previous settings stay. */
export class LiveSettings {
  readonly #deps: LiveSettingsDeps;
  #current: Settings;
  #stop: () => void = () => undefined;

  private constructor(deps: LiveSettingsDeps, settings: Settings) {
    this.#deps = deps;
    this.#current = settings;
  }

  /** Reads the file. @throws UsageError if that is not possible, or a part of it cannot be read */
  static async read(deps: LiveSettingsDeps): Promise<LiveSettings> {
    const { settings, problems, unreadable } = await readSettingsFile(deps.file, deps.catalogue);
    for (const problem of problems) deps.onProblem(problem);
    if (unreadable > 0 && !deps.isLenient) {
      throw new UsageError(
        `${unreadable === 1 ? "A part" : `${unreadable} parts`} of ${deps.file} cannot be read. Repair the file, or start with --lenient, which blocks what cannot be read.`,
      );
    }
    return new LiveSettings(deps, settings);
  }

  get current(): Settings {
    return this.#current;
  }

  /** Reads the file again whenever it changes, until `stop`. @param onChange called after each change of the settings */
  watch(onChange: () => void): void {
    const { file } = this.#deps;
    let reading = Promise.resolve();
    const listener = (): void => {
      reading = reading.then(() => this.#readAgain(onChange));
    };
    watchFile(file, { interval: POLL_MS }, listener);
    this.#stop = () => unwatchFile(file, listener);
  }

  stop(): void {
    this.#stop();
  }

  async #readAgain(onChange: () => void): Promise<void> {
    const { file, catalogue, onProblem, report } = this.#deps;
    try {
      const { settings, problems, isComplete } = await readSettingsFile(file, catalogue);
      for (const problem of problems) onProblem(problem);
      if (!isComplete) throw new Error(`${file} is not valid JSON`);
      this.#current = settings;
      onChange();
      report(`The settings in ${file} have changed and apply now.`);
    } catch (error) {
      report(`${reasonOf(error).replace(/\.$/, "")}: the previous settings still apply.`);
    }
  }
}
