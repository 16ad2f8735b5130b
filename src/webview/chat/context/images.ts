import * as l10n from "@vscode/l10n";
import type { AttachedImage, ImageFile } from "../../../contract/view/imageMessages.ts";
import type { FromView, ToView } from "../../../contract/view/protocol.ts";

/** The store of the view, which imports this file. */
type Messages = { post(message: FromView): void; receive(message: ToView): void };

/**
 * Larger images are scaled down. A request with more than 20 images, such as that of a long conversation, may have none
 * that is larger (https://platform.claude.com/docs/en/build-with-claude/vision), and OpenAI's models scale images to
 * 2,048 px (https://platform.openai.com/docs/guides/images-vision).
 */
const LONGEST_SIDE_PX = 2000;

/** The most characters of base64 that Anthropic takes for one image (5 MB, same page). */
const MAX_CHARACTERS = 5_000_000;

const THUMBNAIL_PX = 48;

/** A whole photograph is smaller as JPEG, with this quality. */
const JPEG_QUALITY = 0.85;

/** What every provider takes. Other images are drawn again. */
const SENT_TYPES = ["image/png", "image/jpeg", "image/webp", "image/gif"] as const;

/** Returns whether a file is an image that can be sent. SVG is text. */
export function isImage({ type }: { readonly type: string }): boolean {
  return type.startsWith("image/") && type !== "image/svg+xml";
}

/** Attaches an image file to the next prompt, scaled down if it is large, or shows why it cannot. */
export async function attachImage(messages: Messages, file: File, id?: string): Promise<void> {
  const name = file.name === "" ? l10n.t("Pasted image") : file.name;
  let image: AttachedImage | undefined;
  try {
    image = await readImage(file, name);
  } catch {
    // The browser cannot decode it.
    return messages.receive({
      type: "contextNotice",
      text: l10n.t("{file} cannot be read as an image.", { file: name }),
    });
  }
  if (image === undefined)
    return messages.receive({ type: "contextNotice", text: l10n.t("{file} is too large.", { file: name }) });
  messages.post({ type: "attachImage", image, id });
}

/** Attaches images that the editor has read. */
export async function attachImageFiles(messages: Messages, files: readonly ImageFile[]): Promise<void> {
  for (const { id, name, mediaType, data } of files) {
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    await attachImage(messages, new File([bytes], name, { type: mediaType }), id);
  }
}

/** @returns undefined if the image is too large even when it is scaled down */
async function readImage(file: File, name: string): Promise<AttachedImage | undefined> {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const ratio = Math.min(1, THUMBNAIL_PX / Math.max(width, height));
  const small = await drawn(bitmap, Math.ceil(width * ratio), Math.ceil(height * ratio), "image/png");
  const thumbnail = await dataUrl(small);
  const candidates = [
    async () => (scale === 1 && SENT_TYPES.some((type) => type === file.type) ? file : undefined),
    async () => (file.type === "image/jpeg" ? undefined : drawn(bitmap, width, height, "image/png")),
    async () => drawn(bitmap, width, height, "image/jpeg"),
  ];
  for (const candidate of candidates) {
    const blob = await candidate();
    const mediaType = SENT_TYPES.find((type) => type === blob?.type);
    if (blob === undefined || mediaType === undefined) continue;
    const url = await dataUrl(blob);
    const data = url.slice(url.indexOf(",") + 1);
    if (data.length <= MAX_CHARACTERS) return { name, mediaType, data, thumbnail, width, height };
  }
  return undefined;
}

async function drawn(
  bitmap: ImageBitmap,
  width: number,
  height: number,
  type: "image/png" | "image/jpeg",
): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("The browser has no canvas");
  if (type === "image/jpeg") {
    // JPEG has no transparency, and would show it black.
    context.fillStyle = "white";
    context.fillRect(0, 0, width, height);
  }
  context.drawImage(bitmap, 0, 0, width, height);
  return canvas.convertToBlob({ type, quality: JPEG_QUALITY });
}

function dataUrl(blob: Blob): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const reader = new FileReader();
  reader.onload = () => resolve(String(reader.result));
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(blob);
  return promise;
}
