import type { AnswerBody } from "./answer.ts";

/**
 * The beginning of a body, for an error that is looked at: within a bound of bytes and of time, whatever the server
 * does. Never throws: what came before a break counts.
 */
export async function readBounded(body: AnswerBody | null, maxBytes: number, maxMs: number): Promise<string> {
  if (body === null) return "";
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  const timer = setTimeout(() => void reader.cancel().catch(() => undefined), maxMs);
  try {
    while (bytes < maxBytes) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      bytes += value.length;
      text += decoder.decode(value, { stream: true });
    }
    return text;
  } catch {
    return text;
  } finally {
    clearTimeout(timer);
    void reader.cancel().catch(() => undefined);
  }
}
