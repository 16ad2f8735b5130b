/**
 * One list of what several scopes of a setting list, the widest scope first. A text where a list should be counts as
 * that one entry. Anything else that is no list becomes an entry as it is, so that whoever checks the entries names it
 * by its place: nothing that is right is lost because something beside it is wrong.
 */
export function unionOfScopes(values: readonly unknown[]): readonly unknown[] {
  return values.flatMap((value: unknown) =>
    value === undefined ? [] : Array.isArray(value) ? (value as readonly unknown[]) : [value],
  );
}

/** A setting's values by scope, as VS Code gives them out. */
export type Inspected = {
  readonly defaultValue?: unknown;
  readonly globalValue?: unknown;
  readonly workspaceValue?: unknown;
  readonly workspaceFolderValue?: unknown;
};

/**
 * The union over all scopes: a narrower one can only add. The user's own list takes the place of the default (an empty
 * one too), unless there is nothing in it that could be meant.
 */
export function withEveryScope(inspected: Inspected | undefined): readonly unknown[] {
  const { defaultValue, globalValue, workspaceValue, workspaceFolderValue } = inspected ?? {};
  const isOwn = Array.isArray(globalValue)
    ? globalValue.length === 0 || globalValue.some(isMeant)
    : isMeant(globalValue);
  return unionOfScopes([isOwn ? undefined : defaultValue, globalValue, workspaceValue, workspaceFolderValue]);
}

function isMeant(entry: unknown): boolean {
  return typeof entry === "string" && entry !== "";
}
