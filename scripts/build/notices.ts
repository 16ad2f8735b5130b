import type { Metafile } from "esbuild";

/** Placeholder until the notices are written. */
export async function writeNotices(_metafiles: readonly Metafile[]): Promise<void> {}
