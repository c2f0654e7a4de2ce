import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { replay } from '../../src/replay/index.js';
import type { CallSummary, Point } from '../../src/timeline/index.js';
import { keepPicture, launchChromium } from '../browser/support/chromium.js';
import { EventReader, type ReceivedEvent } from '../browser/support/event-reader.js';
import { endedCall, pointsOf } from '../support/api.js';
import { recording } from '../support/corpora.js';
import { type RunningProgram, startProgram } from '../support/program.js';
import { describeWith } from '../support/requirements.js';

const TELEPHONE = recording('telephone', 'genesys_audiohook_test-transcript-connector.wav');
const RAVDESS = recording('ravdess', 'Actor_17', '03-01-05-02-01-01-17.flac');

/** A busy machine must not make this about limits and overload, which have tests of their own. */
const PATIENT = ['gateway.maxMessagesPerSecond=5000', 'worker.overload.maxDelayMs=60000'];

describeWith(['corpora', 'chromium'], 'the built program', () => {
  let program: RunningProgram;
  let browser: Browser;

  beforeAll(async () => {
    [program, browser] = await Promise.all([startProgram(PATIENT), launchChromium()]);
  }, 90_000);
  afterAll(async () => {
    program?.process.kill('SIGKILL');
    await browser?.close();
  });

  const play = (file: string, callIdPrefix: string, speed: number) =>
    replay({
      files: [file],
      feed: 'twilio',
      url: program.url.replace('http', 'ws'),
      speed,
      callIdPrefix,
    });

  it('hears a telephone recording and an actor through Twilio framing, and shows them on the page', async () => {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await page.goto(program.url);
    const [[telephone], [actor]] = await Promise.all([
      play(TELEPHONE, 'telephone', 3),
      play(RAVDESS, 'actor', 1),
    ]);
    expect([telephone!.error, actor!.error]).toEqual([undefined, undefined]);
    await page.getByText(telephone!.callId.slice(0, 6)).first().waitFor();
    await keepPicture(page, 'e2e-console');
    const long = await endedCall(program.url, telephone!.callId, 60_000);
    expect(long.durationMs).toBeGreaterThan(70_000);
    expect(long.legs.customer!.windows).toBeGreaterThan(30);
    expect(long.legs.agent).toMatchObject({ windows: 0 });
    expect(long.legs.agent!.talkShare).toBeGreaterThan(0.1);
    const short = await endedCall(program.url, actor!.callId, 30_000);
    expect(short.legs.customer!.windows).toBeGreaterThan(1);
    const { points, holes } = await pointsOf(program.url, telephone!.callId);
    expect(holes).toEqual([]);
    expect(points.map((p) => p.windowIndex)).toEqual(points.map((_, i) => i));
  }, 120_000);

  it('moves the page while a call goes on, and on SIGTERM delivers the last windows and exits with 0', async () => {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await page.goto(program.url);
    const events = await EventReader.open(`${program.url}/api/events`);
    const stop = new AbortController();
    const playing = replay({
      files: [TELEPHONE],
      feed: 'twilio',
      url: program.url.replace('http', 'ws'),
      callIdPrefix: 'last',
      signal: stop.signal,
    });
    const heard: ReceivedEvent[] = [];
    const ofCall = (): Point[] =>
      heard
        .filter((e) => e.name === 'point')
        .map((e) => e.data as Point)
        .filter((p) => p.callId.startsWith('last'));
    const hear = async () => {
      const [event] = await events.next(1);
      if (event === undefined) throw new Error('The event stream ended early.');
      heard.push(event);
    };
    while (ofCall().length < 2) await hear();
    const before = await page.locator('main').textContent();
    while (ofCall().length < 6) await hear();
    await expect.poll(() => page.locator('main').textContent()).not.toBe(before);
    await keepPicture(page, 'e2e-live');

    const exit = program.stop('SIGTERM');
    heard.push(...(await events.next(Number.POSITIVE_INFINITY)));
    expect(await exit).toBe(0);
    stop.abort();
    await playing;
    const last = heard
      .map((e) => e.data as CallSummary)
      .findLast((s) => s.callId?.startsWith('last') && s.state === 'ended')!;
    expect(last.endReason).toBe('shutdown');
    const windows = ofCall().map((p) => p.windowIndex);
    expect(windows).toEqual(windows.map((_, i) => i));
    expect(windows.length).toBe(Math.floor((last.legs.customer!.mediaMs - 2064) / 512) + 1);
  }, 90_000);
});
