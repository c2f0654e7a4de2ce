import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { EMOTIONS } from '../../src/inference/index.js';
import { describeWith } from '../support/requirements.js';
import { builtPage } from './support/built-page.js';
import { keepPicture, launchChromium } from './support/chromium.js';
import { ConsoleServer } from './support/console-server.js';
import { faintTexts } from './support/contrast.js';
import { demoCalls } from './support/demo-calls.js';
import { type Scene, ScriptedCall } from './support/scripted-call.js';

const TOKEN = 'a-token-for-the-test-of-the-page';

describeWith(['chromium'], 'the console page', () => {
  let pageDir: string;
  let browser: Browser;
  let server: ConsoleServer;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    [pageDir, browser] = await Promise.all([builtPage(), launchChromium()]);
  });

  afterAll(() => browser?.close());

  beforeEach(async () => {
    complaints = [];
    server = new ConsoleServer({ pageDir });
    await server.start();
  });

  afterEach(async () => {
    await page.context().close();
    await server.close();
  });

  /** Opens the page; whatever the browser complains of, violations of the security policy too, is collected. */
  async function open(options: BrowserContextOptions = {}): Promise<void> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    await page.goto(server.url);
  }

  const part = (name: string, parent = '') => page.locator(`${parent} [data-testid="${name}"]`);
  const connection = (state: string) =>
    page.waitForSelector(`[data-testid="connection"][data-state="${state}"]`);
  const row = (callId: string) => page.locator(`[data-testid="call-row"][data-call="${callId}"]`);

  test('says how to send a first call while there is none, then shows it by itself', async () => {
    await open();
    await part('empty').waitFor();
    await eventually(() => part('empty').textContent()).toContain(
      `replay demo/*.wav --feed generic --url ws://127.0.0.1:${server.port}/`,
    );
    await keepPicture(page, 'console-empty');
    const call = new ScriptedCall({
      callId: 'first',
      startedAtMs: Date.now(),
      scenes: [{ windows: 9, mood: 'sad' }],
    });
    await server.play(call, 0, 9);
    await row('first').waitFor();
    expect(complaints).toEqual([]);
  });

  test('the timeline moves as windows are judged', async () => {
    const scenes = [
      { windows: 10, mood: 'neutral' },
      { windows: 10, mood: 'angry' },
    ] as const;
    const call = new ScriptedCall({ callId: 'moving', queue: 'billing', startedAtMs: Date.now(), scenes });
    await server.play(call, 0, 10);
    await open();
    await part('readout').getByText('Neutral').waitFor();
    await eventually(() => part('detail-time').textContent()).toBe('0:06');
    await eventually(() => part('ribbon', '.timeline').getAttribute('data-pieces')).toBe('1');
    await server.play(call, 10, 20);
    await part('readout').getByText('Angry').waitFor();
    await row('moving').getByText('Angry').waitFor();
    await eventually(() => part('detail-time').textContent()).toBe('0:11');
    await eventually(() => part('ribbon', '.timeline').getAttribute('data-pieces')).toBe('2');
  });

  test('every part of a busy centre is shown, in the light and in the dark', async () => {
    await demoCalls(server);
    await server.play(everyLook, 0, everyLook.windows);
    for (const colorScheme of ['light', 'dark'] as const) {
      await open({ colorScheme });
      await part('alert').nth(2).waitFor();
      await part('readout').waitFor();
      await row('demo-holiday-rebooked').click();
      await eventually(() => part('badge-synthetic', '.detail').textContent()).toBe('synthetic voices');
      await row('CA7f3a52c9d1e04b6f8812').click();
      await part('alert-lane').waitFor();
      await page.locator('.ribbon-big .is-pause').waitFor();
      await keepPicture(page, `console-${colorScheme}`);
      await eventually(() => page.locator('.ribbon-big .is-gap').count()).toBe(1);
      await eventually(() => part('talk-share').textContent()).toContain('62 %');
      await eventually(() => page.locator('canvas').count()).toBe(3);
      expect(await faintTexts(page)).toEqual([]);
      await page.setViewportSize({ width: 2400, height: 900 });
      await row('every-look').click();
      await page.getByRole('button', { name: 'Whole' }).click();
      await eventually(() => page.locator('.piece-word:visible').count()).toBe(11);
      expect(await faintTexts(page)).toEqual([]);
      await keepPicture(page, `console-looks-${colorScheme}`);
      expect(complaints).toEqual([]);
      if (colorScheme === 'light') await page.context().close();
    }
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      'rgb(16, 20, 26)',
    );
  });

  test('nothing is cut off on a narrow screen, and a chosen call comes into sight', async () => {
    await demoCalls(server);
    await open({ viewport: { width: 390, height: 844 } });
    await part('alert').nth(2).waitFor();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBe(0);
    await row('CA00184be1').click();
    await page.waitForFunction(
      () => (document.querySelector('.detail')?.getBoundingClientRect().top ?? 999) < 20,
    );
    await keepPicture(page, 'console-narrow');
  });

  test('an alert is shown and spoken when it is raised, opens its call, and says when it is over', async () => {
    const { angry } = await demoCalls(server);
    const reason = 'Both have spoken at once for 5 s.';
    await open();
    await part('alert').nth(2).waitFor();
    expect(await part('announcer').textContent()).toBe('');
    await row('CA00184be1').click();
    await server.alert(
      angry.alert(2, 150, { rule: 'overlap', severity: 'warning', state: 'raised', reason }),
    );
    await part('announcer').getByText(reason).waitFor({ state: 'attached' });
    const alert = part('alert').filter({ hasText: reason });
    await eventually(() => alert.getAttribute('data-state')).toBe('raised');
    await alert.click();
    await page.waitForSelector('[data-testid="detail"][data-call="CA7f3a52c9d1e04b6f8812"]');
    await server.alert(angry.alert(2, 160, { rule: 'overlap', severity: 'warning', state: 'ended', reason }));
    await alert.getByText('Over at 1:23, after 5 s').waitFor();
  });

  test('any moment can be looked at by keyboard', async () => {
    await demoCalls(server);
    await open();
    await part('readout').getByText('Neutral, 68 % sure').waitFor();
    const inspector = part('inspector');
    await inspector.focus();
    await page.keyboard.press('Home');
    await eventually(() => part('readout').textContent()).toMatch(/^At0:02/);
    for (let i = 0; i < 6; i++) await page.keyboard.press('PageDown');
    await eventually(() => inspector.getAttribute('aria-valuetext')).toMatch(/^0:32, Angry, \d\d % sure$/);
    await page.keyboard.press('Escape');
    await eventually(() => part('readout').textContent()).toMatch(/^Now/);
  });

  test('a lost connection is shown, and all is right again when the server is back', async () => {
    const call = new ScriptedCall({
      callId: 'before',
      startedAtMs: Date.now(),
      scenes: [{ windows: 9, mood: 'happy' }],
    });
    await server.play(call, 0, 9);
    await open();
    await row('before').waitFor();
    await connection('live');
    const { port } = server;
    await server.close();
    await connection('lost');
    await keepPicture(page, 'console-lost');
    server = new ConsoleServer({ pageDir });
    await server.start(port);
    const next = new ScriptedCall({
      callId: 'after',
      startedAtMs: Date.now(),
      scenes: [{ windows: 9, mood: 'happy' }],
    });
    await server.play(next, 0, 9);
    await connection('live');
    await row('after').waitFor();
    await eventually(() => row('before').count()).toBe(0);
  });

  test('while nobody chooses, a live call is shown rather than one that has ended', async () => {
    const scenes = [{ windows: 9, mood: 'happy' }] as const;
    const first = new ScriptedCall({ callId: 'first', startedAtMs: Date.now(), scenes });
    const second = new ScriptedCall({ callId: 'second', startedAtMs: Date.now(), scenes });
    const shown = () => part('detail').getAttribute('data-call');
    await server.play(first, 0, 9);
    await open();
    await eventually(shown).toBe('first');
    await server.play(second, 0, 9);
    await row('second').waitFor();
    expect(await shown()).toBe('first');
    await server.summary(first.summary(9, 'ended'));
    await eventually(shown).toBe('second');
    await row('first').click();
    await eventually(shown).toBe('first');
    await eventually(() => part('readout').textContent()).toMatch(/^Last0:06/);
  });

  test('an erased call leaves the page', async () => {
    await demoCalls(server);
    await open();
    await row('CA90ff21aa').waitFor();
    await server.erase('CA90ff21aa');
    await row('CA90ff21aa').waitFor({ state: 'detached' });
  });

  test('with a token set nothing is shown before signing in, nor after signing out', async () => {
    await server.close();
    server = new ConsoleServer({ pageDir, tokens: [TOKEN] });
    await server.start();
    await demoCalls(server);
    await open();
    await part('sign-in').waitFor();
    await eventually(() => part('call-row').count()).toBe(0);
    await page.getByLabel('Console token').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await part('sign-in-problem').getByText('not known here').waitFor();
    await keepPicture(page, 'console-sign-in');
    await page.getByLabel('Console token').fill(TOKEN);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await row('CA90ff21aa').waitFor();
    expect(await page.evaluate(() => document.cookie)).toBe('');
    await page.reload();
    await row('CA90ff21aa').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await part('sign-in').waitFor();
    await eventually(() => part('call-row').count()).toBe(0);
  });
});

/** Asks again until it fits: the page shows a change within moments, on a busy machine some more of them. */
function eventually<T>(read: () => Promise<T>) {
  return expect.poll(read, { timeout: 10_000 });
}

/** Every emotion and everything else that a ribbon can show, each long enough for its word. */
const everyLook = new ScriptedCall({
  callId: 'every-look',
  startedAtMs: Date.now(),
  scenes: [...EMOTIONS, 'uncertain', 'silent', 'gap', 'pause'].map(
    (mood) => ({ windows: 12, mood }) as Scene,
  ),
});
