/** One server-sent event. */
export interface ServerSentEvent {
  readonly id: string | undefined;
  readonly name: string;
  readonly data: string;
}

/** Cuts the text of a stream into events, whatever the pieces it comes in. */
export class SseText {
  #rest = '';

  *push(text: string): Generator<ServerSentEvent> {
    const frames = `${this.#rest}${text}`.split('\n\n');
    this.#rest = frames.pop()!;
    for (const frame of frames) yield eventOf(frame);
  }
}

function eventOf(frame: string): ServerSentEvent {
  const fields = new Map<string, string>();
  for (const line of frame.split('\n')) {
    const colon = line.indexOf(': ');
    fields.set(line.slice(0, colon), line.slice(colon + 2));
  }
  return { id: fields.get('id'), name: fields.get('event') ?? 'message', data: fields.get('data') ?? '' };
}
