/** What survives while the view is not shown: the prompt being written, and where one was reading. */
export type Saved = {
  readonly draft: string;
  /** Left out while the end of the conversation is followed. */
  readonly reading?: { readonly conversationId: string; readonly top: number };
};

/** Reads what an earlier view kept; what it cannot read is as if nothing were kept. */
export function readSaved(state: unknown): Saved {
  const draft = field(state, "draft");
  const reading = field(state, "reading");
  const conversationId = field(reading, "conversationId");
  const top = field(reading, "top");
  return {
    draft: typeof draft === "string" ? draft : "",
    ...(typeof conversationId === "string" && typeof top === "number"
      ? { reading: { conversationId, top } }
      : {}),
  };
}

function field(of: unknown, name: string): unknown {
  return typeof of === "object" && of !== null ? new Map(Object.entries(of)).get(name) : undefined;
}
