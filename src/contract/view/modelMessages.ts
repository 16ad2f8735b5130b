/** The messages about the choice of a model: what the picker offers, and what the user chose for the conversation. */
import * as v from "valibot";
import type { ModelOptions } from "../modelOptions.ts";
import { EFFORT_LEVELS } from "../provider/ask.ts";
import { contractValue } from "./contractValue.ts";

const dial = v.picklist(["cheap", "balanced", "best"]);

const effort = v.picklist(EFFORT_LEVELS);

export const choice = v.object({ model: v.optional(v.string()), effort: v.optional(effort) });

const picker = v.object({
  options: contractValue<ModelOptions>(),
  /** The models that the user picked before, the latest first. */
  recent: v.array(v.string()),
  dial,
});

export const modelToView = v.variant("type", [
  /** What the user chose for the conversation that is shown. */
  v.object({ type: v.literal("choice"), choice }),
  /** The answer to `openModels`, and again when it changes. */
  v.object({ type: v.literal("models"), picker }),
]);

export const modelFromView = v.variant("type", [
  /** Asks for what the model picker shows. */
  v.object({ type: v.literal("openModels") }),
  /** Picks a model for the conversation; null: the routes decide. */
  v.object({ type: v.literal("chooseModel"), model: v.nullable(v.string()) }),
  /** How much the models of the conversation reason; null: the route's effort, else the models' own default. */
  v.object({ type: v.literal("chooseEffort"), effort: v.nullable(effort) }),
  /** Changes `switchyard.dial`. */
  v.object({ type: v.literal("setDial"), dial }),
]);

export type ModelRequest = Readonly<v.InferOutput<typeof modelFromView>>;
export type ModelPickerView = Readonly<v.InferOutput<typeof picker>>;
