/** The messages about images for the next prompt. The view reads and scales them; the editor attaches them. */
import * as v from "valibot";
import { attachedImage } from "../context.ts";

/** A file of the editor that the view reads as an image. `id`: the editor's name of the file. */
const imageFile = v.object({
  id: v.string(),
  name: v.string(),
  mediaType: v.string(),
  /** Base64. */
  data: v.string(),
});

export const imagesToView = v.variant("type", [
  v.object({ type: v.literal("readImages"), files: v.array(imageFile) }),
]);

export const imagesFromView = v.variant("type", [
  /** Attaches an image. `id`: of the file, if it is one of the editor's. */
  v.object({ type: v.literal("attachImage"), image: v.object(attachedImage), id: v.optional(v.string()) }),
]);

export type ImageFile = Readonly<v.InferOutput<typeof imageFile>>;
export type ImageRequest = Readonly<v.InferOutput<typeof imagesFromView>>;
export type AttachedImage = ImageRequest["image"];
