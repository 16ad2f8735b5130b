import { bytes, type Sql } from "../core/sql.ts";

/** Returns the stored vectors of these texts. */
export function vectorsOf(
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

/** Stores the vectors of texts, in place of those that are there. */
export function saveVectors(sql: Sql, embedder: string, vectors: ReadonlyMap<string, Float32Array>): void {
  for (const [text, { buffer, byteOffset, byteLength }] of vectors) {
    sql.run(
      "INSERT OR REPLACE INTO embedding (embedder, text, vector) VALUES (?, ?, ?)",
      ...[embedder, text, new Uint8Array(buffer, byteOffset, byteLength)],
    );
  }
}
