import { EMOTIONS, type Emotion } from '../../../src/inference/index.js';
import type { Alert, CallSummary, Hole, LegSummary, Point } from '../../../src/timeline/index.js';

/** A stretch of a scripted call, so many windows long. */
export interface Scene {
  readonly windows: number;
  readonly mood: Emotion | 'uncertain' | 'silent' | Hole['reason'];
}

export interface Script {
  readonly callId: string;
  readonly tenant?: string;
  readonly queue?: string;
  readonly synthetic?: boolean;
  readonly notice?: CallSummary['notice'];
  readonly startedAtMs: number;
  readonly scenes: readonly Scene[];
}

const HOP_MS = 512;
const WINDOW_MS = 2048;
const MODEL = 'scripted-0123456789ab';

const AFFECT: Record<Emotion, readonly [number, number]> = {
  angry: [-0.7, 0.8],
  disgust: [-0.65, 0.25],
  fear: [-0.7, 0.7],
  happy: [0.85, 0.55],
  neutral: [0, -0.1],
  sad: [-0.75, -0.5],
  surprise: [0.2, 0.75],
};

/** Events of a call that was never spoken: each window's point or hole in order, the same for the same script. */
export class ScriptedCall {
  readonly callId: string;
  readonly #script: Script;
  readonly #moods: readonly Scene['mood'][];

  constructor(script: Script) {
    this.callId = script.callId;
    this.#script = script;
    this.#moods = script.scenes.flatMap(({ windows, mood }) => Array<Scene['mood']>(windows).fill(mood));
  }

  get windows(): number {
    return this.#moods.length;
  }

  /** What window `index` adds to the emotions topic; nothing inside a hole but for its last window. */
  event(index: number): Point | Hole | undefined {
    const mood = this.#moods[index]!;
    if (mood === 'gap' || mood === 'pause' || mood === 'overload' || mood === 'error')
      return this.#hole(index, mood);
    return this.#point(index, mood);
  }

  summary(windows: number, state: CallSummary['state'] = 'live'): CallSummary {
    const { callId, tenant = 'acme', queue, synthetic, notice = 'given', startedAtMs } = this.#script;
    const durationMs = windows === 0 ? 0 : endOf(windows - 1);
    const leg = (talkShare: number, emotional: boolean) => ({
      mediaMs: durationMs,
      lostMs: 0,
      pausedMs: 0,
      voicedMs: durationMs * 0.8 * talkShare,
      talkShare,
      windows: emotional ? windows : 0,
      silentWindows: 0,
      missedWindows: 0,
      labelShare: emotional ? this.#labelShare(windows) : {},
      meanValence: emotional ? -0.2 : null,
      meanArousal: emotional ? 0.1 : null,
    });
    return {
      callId,
      tenant,
      state,
      feed: 'generic',
      ...(queue !== undefined && { queue }),
      ...(synthetic !== undefined && { synthetic }),
      notice,
      model: MODEL,
      durationMs,
      legs: { customer: leg(0.62, true), agent: leg(0.38, false) },
      silenceMs: durationMs * 0.18,
      overlapMs: durationMs * 0.03,
      interruptions: Math.floor(windows / 60),
      segments: [],
      alertsRaised: 0,
      startedAt: new Date(startedAtMs).toISOString(),
      ...(state === 'ended' && {
        endReason: 'completed',
        endedAt: new Date(startedAtMs + durationMs).toISOString(),
      }),
    };
  }

  alert(n: number, index: number, words: Pick<Alert, 'rule' | 'severity' | 'state' | 'reason'>): Alert {
    const { callId, tenant = 'acme', queue } = this.#script;
    return {
      alertId: `${callId}/${words.rule}/${n}`,
      callId,
      tenant,
      ...(queue !== undefined && { queue }),
      ...words,
      mediaMs: endOf(index),
      evidence: {
        leg: 'customer',
        fromWindowIndex: index - 9,
        toWindowIndex: index,
        value: 0.78,
        threshold: 0.6,
      },
      confidence: 0.78,
      model: MODEL,
      emittedAt: this.#emittedAt(index),
    };
  }

  #point(index: number, mood: Emotion | 'uncertain' | 'silent'): Point {
    const { callId, tenant = 'acme', notice = 'given' } = this.#script;
    const isSilent = mood === 'silent';
    const probabilities = isSilent ? null : this.#probabilities(index);
    const best = probabilities && EMOTIONS.reduce((a, b) => (probabilities[b] > probabilities[a] ? b : a));
    return {
      callId,
      tenant,
      leg: 'customer',
      windowIndex: index,
      startMs: index * HOP_MS,
      endMs: endOf(index),
      status: isSilent ? 'silent' : 'classified',
      label: isSilent ? null : mood,
      confidence: probabilities && best && probabilities[best],
      probabilities,
      valence: probabilities && expected(probabilities, 0),
      arousal: probabilities && expected(probabilities, 1),
      loudnessDbfs: isSilent
        ? -58
        : round(-24 + 6 * wobble(this.callId, index, 3) + (mood === 'angry' ? 7 : 0)),
      voicedShare: isSilent ? 0.04 : round(0.8 + 0.15 * wobble(this.callId, index, 4)),
      model: MODEL,
      notice,
      emittedAt: this.#emittedAt(index),
    };
  }

  #labelShare(windows: number): LegSummary['labelShare'] {
    const heard = this.#moods.slice(0, windows);
    const labels = [...EMOTIONS, 'uncertain' as const];
    const counts = labels.map((label) => [label, heard.filter((mood) => mood === label).length] as const);
    const judged = counts.reduce((sum, [, n]) => sum + n, 0);
    return Object.fromEntries(
      counts.filter(([, n]) => n > 0).map(([label, n]) => [label, round(n / judged)]),
    );
  }

  #hole(index: number, reason: Hole['reason']): Hole | undefined {
    if (this.#moods[index + 1] === reason) return undefined;
    let from = index;
    while (this.#moods[from - 1] === reason) from--;
    const { callId, tenant = 'acme' } = this.#script;
    return {
      callId,
      tenant,
      leg: 'customer',
      fromWindowIndex: from,
      toWindowIndex: index,
      startMs: from * HOP_MS,
      endMs: endOf(index),
      reason,
      emittedAt: this.#emittedAt(index),
    };
  }

  /** Each mood's share over the last three seconds, on a floor of noise: changes slowly, as a smoothed one does. */
  #probabilities(index: number): Record<Emotion, number> {
    const weights = EMOTIONS.map((emotion, i) => {
      const recent = this.#moods.slice(Math.max(0, index - 5), index + 1);
      const share = recent.filter((mood) => mood === emotion).length / recent.length;
      return 0.06 + 0.05 * wobble(this.callId, index / 3, i) + share;
    });
    const sum = weights.reduce((a, b) => a + b);
    const shares = weights.map((weight) => round(weight / sum));
    return Object.fromEntries(EMOTIONS.map((emotion, i) => [emotion, shares[i]])) as Record<Emotion, number>;
  }

  #emittedAt(index: number): string {
    return new Date(this.#script.startedAtMs + endOf(index)).toISOString();
  }
}

function endOf(index: number): number {
  return index * HOP_MS + WINDOW_MS;
}

function expected(probabilities: Record<Emotion, number>, axis: 0 | 1): number {
  return round(EMOTIONS.reduce((sum, emotion) => sum + probabilities[emotion] * AFFECT[emotion][axis], 0));
}

/** A smooth −1…1 that looks like chance and is none. */
function wobble(seed: string, index: number, lane: number): number {
  const phase = [...seed].reduce((sum, letter) => sum + letter.charCodeAt(0), lane * 17);
  return Math.sin(index * 0.61 + phase) * 0.6 + Math.sin(index * 1.73 + phase * 2.1) * 0.4;
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
