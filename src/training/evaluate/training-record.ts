import type { Bundle } from '../../inference/index.js';
import { PROTOCOLS, type ProtocolName } from '../protocols.js';

/** What a bundle says of its training. It is written for people: any field may be missing, whoever wrote the bundle. */
type TrainingRecord = Bundle['training'];

/** The protocol that a bundle was trained by, or `null` where it names none that is known. */
export function trainingProtocol({ protocol }: TrainingRecord): ProtocolName | null {
  return typeof protocol === 'string' && Object.hasOwn(PROTOCOLS, protocol)
    ? (protocol as ProtocolName)
    : null;
}

/** Names of the noises that training held, or `null` where the bundle does not say. */
export function noisesInTraining({ data }: TrainingRecord): readonly string[] | null {
  if (!Array.isArray(data)) return null;
  const lists = data.map((source: { readonly noises?: unknown } | null) => source?.noises);
  return lists.every((list) => Array.isArray(list)) ? lists.flat().map(String) : null;
}

/** Clips by corpus of one part of the protocol. */
export function clipCounts({ clips }: TrainingRecord, part: string): Readonly<Record<string, number>> {
  const counts = (clips as Readonly<Record<string, unknown>> | undefined)?.[part];
  return (counts ?? {}) as Readonly<Record<string, number>>;
}
