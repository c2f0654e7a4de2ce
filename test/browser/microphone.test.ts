import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeWith } from '../support/requirements.js';
import { builtPage } from './support/built-page.js';
import { keepPicture, launchChromium } from './support/chromium.js';
import { ConsoleServer } from './support/console-server.js';

/** A beeping microphone that needs no hardware and asks nobody. */
const FAKE_MICROPHONE = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

describeWith(['chromium'], "the browser's microphone", () => {
  let pageDir: string;
  let browser: Browser;
  let server: ConsoleServer;
  let page: Page;

  beforeAll(async () => {
    pageDir = await builtPage();
  });

  beforeEach(async () => {
    server = new ConsoleServer({ pageDir });
    await server.start();
  });

  afterEach(async () => {
    await browser.close();
    await server.close();
  });

  afterAll(() => browser?.close());

  async function open(args: readonly string[], url = server.url): Promise<void> {
    browser = await launchChromium(args);
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(url);
    await page.getByRole('button', { name: 'Listen to my microphone' }).click();
  }

  const bytesHeard = (): number =>
    server.heard.reduce((sum, message) => sum + (typeof message === 'string' ? 0 : message.length), 0);

  test('goes to the generic feed as one customer, and stops cleanly', async () => {
    await open(FAKE_MICROPHONE);
    await page.getByTestId('microphone-level').waitFor();
    await eventually(bytesHeard).toBeGreaterThan(20_000);
    await eventually(() =>
      page.getByTestId('microphone-level').evaluate((m: HTMLMeterElement) => m.value),
    ).toBeGreaterThan(-50);
    await keepPicture(page, 'console-microphone');
    await page.getByRole('button', { name: 'Stop listening' }).click();
    await eventually(() => server.heard.slice(-2)).toEqual(['{"event":"stop"}', 'closed']);

    const start = JSON.parse(server.heard[0] as string);
    expect(start).toEqual({
      event: 'start',
      callId: expect.stringMatching(/^mic-\d+-\d+$/),
      sampleRate: expect.any(Number),
      channels: 1,
      encoding: 's16le',
      legs: ['customer'],
      live: true,
      notice: 'given',
      queue: 'microphone',
    });
    const frames = server.heard.filter((message): message is Buffer => typeof message !== 'string');
    const frameMs = (frames[0]!.length / 2 / start.sampleRate) * 1000;
    expect(frameMs).toBeGreaterThanOrEqual(20);
    expect(frameMs).toBeLessThanOrEqual(100);
    expect(loudest(frames)).toBeGreaterThan(1000);
  });

  test('says what to do when the browser does not allow it', async () => {
    await open(['--use-fake-device-for-media-stream', '--deny-permission-prompts']);
    await page.getByTestId('microphone-problem').getByText('did not allow the microphone').waitFor();
    expect(server.heard).toEqual([]);
  });

  test('says so when the feed closes the connection', async () => {
    await open(FAKE_MICROPHONE);
    await page.getByTestId('microphone-level').waitFor();
    server.hangUp(1008, 'the tenant has too many streams');
    await page.getByTestId('microphone-problem').getByText('the tenant has too many streams').waitFor();
    await page.getByRole('button', { name: 'Listen to my microphone' }).waitFor();
  });
});

function eventually<T>(read: () => T) {
  return expect.poll(read, { timeout: 15_000 });
}

function loudest(frames: readonly Buffer[]): number {
  const samples = frames.flatMap((frame) =>
    Array.from({ length: frame.length / 2 }, (_, i) => frame.readInt16LE(i * 2)),
  );
  return samples.reduce((max, sample) => Math.max(max, Math.abs(sample)), 0);
}
