import type { WindowHole } from './ports.js';

/** Where an unbroken signal stands: enough to decode what follows as if all before it had been decoded. */
export interface DecoderState {
  /** Sampling rate of the chunks, Hz. */
  readonly rateHz: number;
  /** Offset of the audio expected next, in samples at `rateHz`. */
  readonly next: number;
  /** Where the unbroken signal began, in samples at `rateHz`: the resampler's phase counts from here. */
  readonly origin: number;
}

/** A record from which on a leg can be rebuilt. */
export interface ReplayPoint {
  /** Offset of the record in the audio log, or {@link NO_REPLAY}. */
  readonly offset: number;
  /** The decoder before that record. */
  readonly decoder: DecoderState;
  /** The leg's media position before that record, in samples of the front end. */
  readonly position: number;
}

/** Offset of a replay point after every record: nothing that was heard bears on what is to come. */
export const NO_REPLAY = Number.MAX_SAFE_INTEGER;

/**
 * A leg between two records, without its ring, voice gate and resampler: these are functions of the last seconds of
 * audio and are rebuilt by hearing the records from `replay.offset` on once more.
 */
export interface LegState {
  readonly replay: ReplayPoint;
  readonly decoder: DecoderState;
  readonly position: number;
  readonly nextWindow: number;
  readonly openHole: OpenHole | null;
  readonly missReason: WindowHole['reason'];
  readonly lostMs: number;
  readonly pausedMs: number;
  readonly pausedBeforeMs: number;
  readonly whole: boolean;
}

/** Windows [from, to] that were missed, while it is not known whether the next one is missed too. */
export interface OpenHole {
  readonly from: number;
  readonly to: number;
  readonly reason: WindowHole['reason'];
}
