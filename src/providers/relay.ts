import type { ProviderEvent } from "../contract/provider.ts";
import type { StreamEvent } from "./eventStream.ts";

/**
 * Puts the wire's own events on ours, as text that can be sent on as it is. An event of the wire that has none of ours
 * (a role, a piece of a tool call) waits and goes along with the next one, so nothing is told before it is whole.
 */
export class Relay {
  readonly #isOn: boolean;
  #frames = "";

  constructor(isOn: boolean) {
    this.#isOn = isOn;
  }

  saw({ event, data }: StreamEvent): void {
    if (!this.#isOn) return;
    const name = event === undefined ? "" : `event: ${event}\n`;
    this.#frames += `${name}data: ${data.replaceAll("\n", "\ndata: ")}\n\n`;
  }

  /** What waited is not sent on. */
  forget(): void {
    this.#frames = "";
  }

  /** The event, with all that waited. */
  carry<Event extends ProviderEvent>(event: Event): Event {
    if (!this.#isOn || this.#frames === "") return event;
    const raw = this.#frames;
    this.#frames = "";
    return { ...event, raw };
  }
}
