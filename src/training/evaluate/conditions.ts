/** Rate of a telephone line. */
export const LINE_RATE_HZ = 8000;

/** How packets are lost: their share, and the probability that the one after a lost one is lost too. */
export interface PacketLoss {
  readonly share: number;
  readonly staysLost: number;
}

/** A state of the line in which recordings are heard. */
export interface Condition {
  /** Stands in judgements and results; never changes its meaning. */
  readonly name: string;
  /** What happens to a recording on its way, in this order; `null`: its features as they were prepared. */
  readonly line: Line | null;
}

export interface Line {
  /** Rate to which it is sampled first, if it has a higher one. */
  readonly rateHz: 16_000 | typeof LINE_RATE_HZ;
  readonly noise: { readonly name: string; readonly snrDb: number } | null;
  /** 300–3400 Hz alone pass. */
  readonly telephoneBand: boolean;
  readonly mulaw: boolean;
  readonly loss: PacketLoss | null;
}

/** Without the recordings only this can be judged. */
export const AS_PREPARED: Condition = { name: 'as prepared', line: null };

const OPEN: Line = { rateHz: 16_000, noise: null, telephoneBand: false, mulaw: false, loss: null };
const MULAW: Line = { ...OPEN, rateHz: LINE_RATE_HZ, mulaw: true };
const LOST_SHARE = 0.02;

/** What calls sound like; the figures that stand first are those of this condition. */
export const HEADLINE: Condition = { name: 'G.711 µ-law', line: MULAW };

/** What telephony does to speech without noise. */
export const LINE_CONDITIONS: readonly Condition[] = [
  { name: '16 kHz', line: OPEN },
  { name: '8 kHz', line: { ...OPEN, rateHz: LINE_RATE_HZ } },
  HEADLINE,
  { name: 'µ-law, 300–3400 Hz', line: { ...MULAW, telephoneBand: true } },
  {
    name: 'µ-law, 2 % of packets lost',
    line: { ...MULAW, loss: { share: LOST_SHARE, staysLost: LOST_SHARE } },
  },
  {
    name: 'µ-law, 2 % of packets lost, three in a row',
    line: { ...MULAW, loss: { share: LOST_SHARE, staysLost: 2 / 3 } },
  },
];

/** Speech over noise, in dB. */
export const NOISE_SNRS_DB: readonly number[] = [20, 10, 5, 0];

/** Each noise at each level, under µ-law. */
export function noiseConditions(names: readonly string[]): Condition[] {
  return names.flatMap((name) =>
    NOISE_SNRS_DB.map((snrDb) => ({
      name: noiseConditionName(name, snrDb),
      line: { ...MULAW, noise: { name, snrDb } },
    })),
  );
}

/** The name of a condition of {@link noiseConditions}. */
export const noiseConditionName = (noise: string, snrDb: number) => `µ-law, ${noise} at ${snrDb} dB`;
