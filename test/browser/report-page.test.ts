import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { EMOTIONS } from '../../src/inference/index.js';
import { LINE_CONDITIONS, noiseConditions } from '../../src/training/evaluate/conditions.js';
import { evaluationOf } from '../../src/training/evaluate/evaluation.js';
import { evaluationText } from '../../src/training/evaluate/evaluation-file.js';
import type { ClipJudgement } from '../../src/training/evaluate/judgements.js';
import { writeReport } from '../../src/training/index.js';
import { Random } from '../../src/training/random.js';
import { writeTestBundle } from '../support/bundle.js';
import { describeWith } from '../support/requirements.js';
import { keepPicture, launchChromium } from './support/chromium.js';
import { faintTexts } from './support/contrast.js';

const NOISES = ['cafe', 'highway', 'office', 'rain'];

describeWith(['chromium'], 'the page of a report', () => {
  let folder: string;
  let report: string;
  let browser: Browser;
  let page: Page;
  let requests: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'undertone-report-'));
    const modelId = await writeTestBundle(folder);
    await writeFile(join(folder, 'evaluation.json'), evaluationText(evaluationFor(modelId)));
    await writeFile(join(folder, 'leaky.json'), evaluationText(evaluationFor(modelId, 'tess-random')));
    report = await writeReport({ bundle: folder, data: [], beside: [join(folder, 'leaky.json')] });
    browser = await launchChromium();
  }, 120_000);

  afterEach(() => page.context().close());
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true });
  });

  async function open(options: BrowserContextOptions = {}): Promise<void> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    page = await context.newPage();
    requests = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => requests.push(message.text()));
    await page.goto(pathToFileURL(report).href);
  }

  test('asks for nothing from anywhere and runs no script', async () => {
    await open({ javaScriptEnabled: false });
    expect(requests.filter((url) => !url.startsWith('data:image/png'))).toEqual([pathToFileURL(report).href]);
    expect(await readFile(report, 'utf8')).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
  });

  test.each(['light', 'dark'] as const)('can be read in the %s', async (colorScheme) => {
    await open({ colorScheme });
    expect(await faintTexts(page)).toEqual([]);
    await keepPicture(page, `report-${colorScheme}`);
  });

  test('nothing is cut off on a narrow screen', async () => {
    await open({ viewport: { width: 390, height: 844 } });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBe(0);
    await keepPicture(page, 'report-narrow');
  });

  test('has all its parts, each led to by the contents, and numbers in tables behind each chart', async () => {
    await open();
    const links = await page.locator('nav a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    const sections = await page.locator('section').evaluateAll((all) => all.map(({ id }) => `#${id}`));
    expect(links).toEqual(sections);
    expect(sections).toEqual(
      ['lines', 'noise', 'sureness', 'classes', 'speakers', 'hearing', 'protocols', 'model', 'limits'].map(
        (id) => `#${id}`,
      ),
    );
    const charts = page.locator('figure:has(svg.plot)');
    expect(await charts.count()).toBe(3);
    expect(await charts.locator('details table').count()).toBe(3);
    expect(await page.locator('.confusion tbody tr').count()).toBe(EMOTIONS.length);
    expect(await page.locator('.window').count()).toBeGreaterThan(0);
    expect(await page.locator('img:not([alt]), svg.plot:not([aria-label])').count()).toBe(0);
    expect(await page.locator('#protocols').textContent()).toContain('no: leaks');
  });

  test('on paper there are no links to its parts', async () => {
    await open();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('nav').isVisible()).toBe(false);
  });
});

/** Clips of eight speakers under all conditions, right more often the better the line. */
function evaluationFor(modelId: string, leaky?: 'tess-random') {
  const random = new Random('report');
  const lines = [...LINE_CONDITIONS, ...noiseConditions(NOISES)];
  const judgements = lines.flatMap(({ name, line }) =>
    Array.from({ length: 56 }, (_, i): ClipJudgement => {
      const label = EMOTIONS[i % EMOTIONS.length]!;
      const right = random.chance(0.75 - (line?.noise ? (20 - line.noise.snrDb) / 60 : 0));
      const heard = right ? label : random.pick(EMOTIONS);
      const sure = random.between(0.3, 0.95);
      const window = EMOTIONS.map((one) => (one === heard ? sure : (1 - sure) / (EMOTIONS.length - 1)));
      const speaker = `ravdess/0${1 + (i % 8)}`;
      return {
        condition: name,
        corpus: 'ravdess',
        clip: `${i}`,
        speaker,
        label,
        uncertainBelow: 0.5,
        windows: [window, window],
      };
    }),
  );
  const facts = {
    modelId,
    labels: EMOTIONS,
    protocol: leaky ?? 'ravdess-7',
    description: 'some train, others test.',
    trainedBy: leaky ?? 'ravdess-7',
    leaks: leaky !== undefined,
    noises: NOISES,
    noisesHeard: ['rain', 'cafe'],
    duplicates: 0,
    seed: '1',
  };
  return evaluationOf(facts, [judgements]);
}
