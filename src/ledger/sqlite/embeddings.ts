import { bytes } from "./rows.ts";
import type { Sql } from "./sql.ts";

/** The vectors that were kept for texts. */
export function embeddingsOf(
  sql: Sql,
  embedder: string,
  texts: readonly string[],
): ReadonlyMap<string, Float32Array> {
  const found = new Map<string, Float32Array>();
  for (const text of texts) {
    const row = sql.get("SELECT vector FROM embedding WHERE embedder = ? AND text = ?", embedder, text);
    if (row !== undefined) found.set(text, new Float32Array(bytes(row, "vector").slice().buffer));
  }
  return found;
}

export function insertEmbeddings(
  sql: Sql,
  embedder: string,
  vectors: ReadonlyMap<string, Float32Array>,
): void {
  for (const [text, vector] of vectors) {
    const blob = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
    sql.run(
      "INSERT OR REPLACE INTO embedding (embedder, text, vector) VALUES (?, ?, ?)",
      embedder,
      text,
      blob,
    );
  }
}
