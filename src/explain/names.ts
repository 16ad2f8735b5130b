import { type ModelRef, splitRef } from "../contract/model.ts";

/** Returns the display name of a model: without its provider, unless two models in view have the same name. */
export type ModelNames = (ref: ModelRef) => string;

/** Display names by provider id. */
export type ProviderNames = Readonly<Record<string, string>>;

/** Display names for models that are shown together. */
export function modelNames(refs: Iterable<ModelRef>): ModelNames {
  const sameName = new Map<string, Set<ModelRef>>();
  for (const ref of refs) {
    const name = modelName(ref);
    sameName.set(name, (sameName.get(name) ?? new Set()).add(ref));
  }
  return (ref) => {
    const name = modelName(ref);
    return (sameName.get(name)?.size ?? 0) > 1 ? ref : name;
  };
}

/** A model's name without its provider. */
export function modelName(ref: ModelRef): string {
  return splitRef(ref).model;
}

/** A provider's display name; its id if it has none. */
export function providerName(id: string, names: ProviderNames): string {
  return names[id] ?? id;
}

/** The id of a model's provider. */
export function providerOf(ref: ModelRef): string {
  return splitRef(ref).provider;
}
