/** What is wrong in the settings, where, and what would be right. */
export type SettingProblem = {
  /** E.g. `switchyard.routes[2].when.complexity[0]`. */
  readonly place: string;
  /** The top setting, for opening it. */
  readonly setting: string;
  readonly message: string;
  readonly repair: string;
  /** `error`: something was left out, or a default stands in. `warning`: all is used as it is, but hardly meant so. */
  readonly severity: "error" | "warning";
};

export type Path = readonly (string | number)[];

/** The place of a value in a setting, as one would write it in JavaScript. */
export function placeOf(setting: string, path: Path): string {
  return path.reduce<string>(
    (place, key) =>
      typeof key === "number"
        ? `${place}[${key}]`
        : /^[A-Za-z_][\w-]*$/.test(key) && key.length <= 60
          ? `${place}.${key}`
          : `${place}[${JSON.stringify(shortened(key))}]`,
    setting,
  );
}

/** The beginning of a long text. */
export function shortened(text: string, most = 60): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** `"a", "b" or "c"`. */
export function choiceOf(options: readonly unknown[]): string {
  const all = options.map((option) => JSON.stringify(option));
  const last = all.at(-1);
  return last === undefined
    ? "nothing"
    : all.length === 1
      ? last
      : `${all.slice(0, -1).join(", ")} or ${last}`;
}
