import type * as v from "valibot";

/** A setting: its shape, its default, and what the settings editor says of it. */
export type Setting<S extends v.GenericSchema = v.GenericSchema> = {
  readonly schema: S;
  /** As a person would write it. */
  readonly default: v.InferInput<S>;
  /** `application`: a workspace cannot set it. */
  readonly scope: "application" | "window";
  /** Ignored in a workspace that is not trusted. */
  readonly restricted?: boolean;
  readonly markdownDescription: string;
  /**
   * How much goes when something in it is wrong. 0: all, the default holds. 1: the entry or field. 2: the entry of the
   * entry. A wrong field takes its default, a wrong entry of a list or of names is left out.
   */
  readonly grain: 0 | 1 | 2;
  /** Its parts hold secrets or could: what was received is never repeated. */
  readonly quiet?: boolean;
  readonly examples?: readonly v.InferInput<S>[];
  /** Snippets that the editor of settings.json offers. */
  readonly snippets?: readonly {
    readonly label: string;
    readonly description: string;
    readonly body: unknown;
  }[];
};

/** Keeps a setting's own types while checking its shape. */
export function setting<const S extends v.GenericSchema>(description: Setting<S>): Setting<S> {
  return description;
}

/** A place in a snippet that the editor asks to be filled in. */
export function slot(number: number, text: string): string {
  return `\${${number}:${text}}`;
}
