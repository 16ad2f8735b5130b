import { splitRef } from "../contract/model.ts";
import { AUTO, allNames, type Names } from "./modelName.ts";

/** `GET /v1/models`: all that `model` may be. */
export async function modelList(
  names: Pick<Names, "settings" | "engine">,
  createdSeconds: number,
): Promise<object> {
  const routes = new Set([AUTO, ...names.settings().routes.map(({ name }) => name)]);
  const data = (await allNames(names)).map((id) => ({
    id,
    object: "model",
    created: createdSeconds,
    owned_by: routes.has(id) ? "switchyard" : splitRef(id).provider,
  }));
  return { object: "list", data };
}
