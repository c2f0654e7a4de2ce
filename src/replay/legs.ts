import { type AudioClip, mixDownClip } from '../audio/index.js';
import { UndertoneError } from '../errors.js';
import { LEGS, type Leg } from '../ingest/index.js';

/** A recording with a leg for each of its channels. */
export interface LeggedClip {
  readonly clip: AudioClip;
  readonly legs: readonly Leg[];
}

/** What the channels of a recording are, where nobody says: one voice, or customer first and agent second. */
const USUAL: Readonly<Record<number, readonly Leg[]>> = { 1: ['customer'], 2: ['customer', 'agent'] };

/** Reads `customer,agent`. @throws UT_CLI_LEGS */
export function parseLegs(text: string): readonly Leg[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !LEGS.includes(name as Leg));
  if (unknown !== undefined) throw refuse(`"${unknown}" is no leg; there are ${LEGS.join(', ')}.`);
  if (new Set(names).size < names.length) throw refuse('One leg is named twice.');
  if (names.includes('mixed') && names.length > 1)
    throw refuse('A mixed leg holds all voices and stands alone.');
  return names as Leg[];
}

/**
 * Gives each channel its leg; channels beyond the legs named are left out, `mixed` takes the mean of all.
 * @throws UT_CLI_LEGS
 */
export function assignLegs(clip: AudioClip, legs: readonly Leg[] | undefined, place: string): LeggedClip {
  const { sampleRateHz, channels } = clip;
  const wanted = legs ?? USUAL[channels.length];
  if (wanted === undefined) throw refuse(`The recording has ${channels.length} channels.`, place);
  if (wanted[0] === 'mixed')
    return { clip: { sampleRateHz, channels: [mixDownClip(channels)] }, legs: wanted };
  if (wanted.length > channels.length) {
    const plural = channels.length === 1 ? '' : 's';
    throw refuse(
      `${wanted.length} legs are named, and there are ${channels.length} channel${plural}.`,
      place,
    );
  }
  return { clip: { sampleRateHz, channels: channels.slice(0, wanted.length) }, legs: wanted };
}

/**
 * Keeps what may be analysed: without a declaration the agent's channel is left out, and a mixed one is refused.
 * @throws UT_CLI_UNDECLARED
 */
export function keepLawful({ clip, legs }: LeggedClip, agentDeclared: boolean, place: string): LeggedClip {
  if (agentDeclared) return { clip, legs };
  const kept = legs.flatMap((leg, channel) => (leg === 'customer' ? [channel] : []));
  if (kept.length === 0) {
    throw new UndertoneError('UT_CLI_UNDECLARED', `The leg is "${legs.join(', ')}".`, { place });
  }
  const channels = kept.map((channel) => clip.channels[channel]!);
  return { clip: { ...clip, channels }, legs: kept.map((channel) => legs[channel]!) };
}

function refuse(detail: string, place = '--leg'): UndertoneError {
  return new UndertoneError('UT_CLI_LEGS', detail, { place });
}
