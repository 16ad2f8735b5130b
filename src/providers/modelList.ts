import { failureOf } from "./failures.ts";
import { isRecord } from "./json.ts";
import { readWholeAnswer, type WholeCall } from "./wholeAnswer.ts";

const WHAT = "list of models";

/** The ids in a server's list of models, in its order. @throws Failure */
export async function readModelList(call: Omit<WholeCall, "what">): Promise<readonly string[]> {
  const { data } = await readWholeAnswer({ ...call, what: WHAT });
  if (!Array.isArray(data)) throw failureOf(call.context, "malformed", `the ${WHAT} cannot be read`);
  return data.flatMap((entry: unknown) =>
    isRecord(entry) && typeof entry["id"] === "string" ? [entry["id"]] : [],
  );
}
