import { describe, expect, it } from 'vitest';
import { CallActivity } from './call-activity.js';
import type { TimelineEntry } from './leg-timeline.js';
import { CallSummarizer } from './summarizer.js';

const entry = (windowIndex: number, label: TimelineEntry['label'], valence = 0): TimelineEntry => ({
  windowIndex,
  startMs: windowIndex * 512,
  endMs: windowIndex * 512 + 2064,
  status: label === null ? 'silent' : 'classified',
  label,
  confidence: label === null ? null : 0.8,
  probabilities: null,
  valence: label === null ? null : valence,
  arousal: label === null ? null : 0.5,
  loudnessDbfs: -30,
  voicedShare: 1,
});

const createActivity = () =>
  new CallActivity({ blockMs: 16, maxLeadBlocks: 1000, tickBlocks: 32, settledAfterMs: 0, onTick: () => {} });
const noVoice = createActivity().snapshot();

describe('CallSummarizer', () => {
  it('adds up windows, labels and means', () => {
    const summarizer = new CallSummarizer();
    summarizer.entry('customer', entry(0, 'angry', -0.6));
    summarizer.entry('customer', entry(1, 'angry', -0.4));
    summarizer.entry('customer', entry(2, null));
    summarizer.entry('customer', entry(3, 'neutral', 0.1));
    summarizer.missed('customer', 2);
    summarizer.heard('customer', { mediaMs: 5000, lostMs: 1000, pausedMs: 0 });
    const { legs, durationMs } = summarizer.summary(noVoice);
    expect(durationMs).toBe(5000);
    expect(legs.customer).toMatchObject({
      windows: 3,
      silentWindows: 1,
      missedWindows: 2,
      labelShare: { angry: 0.667, neutral: 0.333 },
      meanValence: -0.3,
      meanArousal: 0.5,
    });
  });

  it('holds no emotion of an agent, only that there were windows', () => {
    const summarizer = new CallSummarizer();
    summarizer.entry('agent', entry(0, 'angry', -0.6));
    const { legs, segments } = summarizer.summary(noVoice);
    expect(legs.agent).toMatchObject({ windows: 1, labelShare: {}, meanValence: null, meanArousal: null });
    expect(segments).toEqual([]);
  });

  it('joins windows of one label to segments that do not overlap', () => {
    const summarizer = new CallSummarizer();
    const labels = ['sad', 'sad', null, 'sad', 'angry'] as const;
    labels.forEach((label, i) => {
      summarizer.entry('customer', entry(i, label));
    });
    expect(summarizer.summary(noVoice).segments).toEqual([
      { leg: 'customer', label: 'sad', startMs: 0, endMs: 3600 },
      { leg: 'customer', label: 'angry', startMs: 3600, endMs: 4112 },
    ]);
  });

  it('keeps the newest segments only', () => {
    const summarizer = new CallSummarizer();
    for (let i = 0; i < 500; i++) summarizer.entry('customer', entry(i * 5, i % 2 === 0 ? 'sad' : 'angry'));
    const { segments } = summarizer.summary(noVoice);
    expect([segments.length, segments.at(-1)!.label]).toEqual([200, 'angry']);
  });

  it('shares the talk between the legs', () => {
    const activity = createActivity();
    for (let i = 0; i < 30; i++) activity.push('customer', i, true);
    for (let i = 0; i < 30; i++) activity.push('agent', i, i < 10);
    const summarizer = new CallSummarizer();
    for (const leg of ['customer', 'agent'] as const) {
      summarizer.heard(leg, { mediaMs: 480, lostMs: 0, pausedMs: 0 });
    }
    const { legs } = summarizer.summary(activity.snapshot());
    expect([legs.customer!.talkShare, legs.agent!.talkShare]).toEqual([0.75, 0.25]);
  });
});
