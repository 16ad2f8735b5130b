import type { AttachedImage } from "../../../src/contract/view/imageMessages.ts";

/** A picture of one pixel, as PNG in base64. */
export const PIXEL: string =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";

/** An image as the view has read it. */
export function attachedImage(change: Partial<AttachedImage> = {}): AttachedImage {
  return {
    name: "screen.png",
    mediaType: "image/png",
    data: PIXEL,
    thumbnail: `data:image/png;base64,${PIXEL}`,
    width: 1,
    height: 1,
    ...change,
  };
}
