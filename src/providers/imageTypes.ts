/** Names that clients use instead of the registered ones (https://www.iana.org/assignments/media-types). */
const REGISTERED: Readonly<Record<string, string>> = {
  "image/jpg": "image/jpeg",
  "image/pjpeg": "image/jpeg",
  "image/x-png": "image/png",
};

/** The registered name of an image's media type. */
export function registeredImageType(mediaType: string): string {
  const name = mediaType.toLowerCase();
  return REGISTERED[name] ?? name;
}
