import { UndertoneError } from '../errors.js';
import type { AudioChunk } from '../ingest/index.js';

/** A chunk with nothing in it that is new. */
export function heardBefore({ callId, leg, offsetSamples, sampleRateHz }: AudioChunk): UndertoneError {
  const atMs = Math.round((offsetSamples * 1000) / sampleRateHz);
  const detail = `The leg has gone past the end of the audio that begins at ${atMs} ms.`;
  return new UndertoneError('UT_CALLS_HEARD_BEFORE', detail, { place: `call ${callId} leg ${leg}` });
}

/** A state that no worker here can go on from. */
export function badState(detail: string): UndertoneError {
  return new UndertoneError('UT_CALLS_BAD_STATE', detail);
}

/** A resume that ends no pause. */
export function notPaused(callId: string): UndertoneError {
  return new UndertoneError('UT_CALLS_NOT_PAUSED', 'A resume arrived for a call that was not paused.', {
    place: `call ${callId}`,
  });
}
