import { modelName } from "../../contract/view/format.ts";
import type { ModelRef } from "../../contract/view/shown.ts";

/** How models are called: without the provider, unless two of those in sight would read the same. */
export type Names = (ref: ModelRef) => string;

export function namesAmong(refs: Iterable<ModelRef>): Names {
  const owners = new Map<string, Set<ModelRef>>();
  for (const ref of refs) {
    const model = modelName(ref);
    owners.set(model, (owners.get(model) ?? new Set()).add(ref));
  }
  return (ref) => {
    const model = modelName(ref);
    return (owners.get(model)?.size ?? 0) > 1 ? ref : model;
  };
}

/** What people call providers, by id; an id that is not known stands for itself. */
export type ProviderNames = Readonly<Record<string, string>>;

export function providerName(id: string, names: ProviderNames): string {
  return names[id] ?? id;
}
