import { writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { analyzeClip } from '../../app/analyze-clip.js';
import { bundleDirectory } from '../../app/bundle-directory.js';
import { readableEngine } from '../../app/classifier.js';
import { readAudioFile } from '../../audio/index.js';
import type { Config } from '../../config/index.js';
import { UndertoneError } from '../../errors.js';
import { type Bundle, type Classifier, createClassifier, loadBundle } from '../../inference/index.js';
import { assignLegs, keepLawful, type LeggedClip, parseLegs } from '../../replay/index.js';
import { describeError } from '../report-error.js';
import type { Terminal } from '../terminal.js';
import type { Entry } from './entry.js';
import { picturePath } from './picture-path.js';
import { renderTable } from './table.js';

export interface ClassifyOptions {
  readonly json: boolean;
  /** Picture to write; with several files, each gets its own name from it. */
  readonly plot?: string;
  /** `customer,agent`: who speaks on the channels. */
  readonly leg?: string;
}

export interface ClassifyDeps {
  readonly config: Config;
  readonly terminal: Terminal;
  readonly debug: boolean;
}

interface Session extends ClassifyDeps {
  readonly options: ClassifyOptions;
  readonly legs: LeggedClip['legs'] | undefined;
  readonly bundle: Bundle;
  readonly classifier: Classifier;
  readonly isOneOfMany: boolean;
  /** Undefined where no picture is asked for. */
  readonly picture: { readonly name: string; readonly draw: Draw } | undefined;
}

type Draw = typeof import('./plot/plot.js').plotTimeline;

const AGENT_LEFT_OUT =
  "the agent's channel is left out: hearing emotion in it needs a declaration (tenants.<tenant>.agentAudioDeclared).";

/** Classifies one file after the other; a bad one is reported and the others go on. @returns how many failed */
export async function classifyFiles(
  files: readonly string[],
  options: ClassifyOptions,
  deps: ClassifyDeps,
): Promise<number> {
  const legs = options.leg === undefined ? undefined : parseLegs(options.leg);
  checkPlotName(options.plot);
  const picture = options.plot === undefined ? undefined : { name: options.plot, draw: await loadDraw() };
  const { model } = deps.config;
  const bundle = await loadBundle(bundleDirectory(model));
  const threads = model.threads === null ? {} : { threads: model.threads };
  const classifier = createClassifier(readableEngine(model), {
    bundle,
    maxQueued: model.maxQueuedWindows,
    ...threads,
  });
  await classifier.start();
  const session = { ...deps, options, legs, bundle, classifier, isOneOfMany: files.length > 1, picture };
  try {
    let failures = 0;
    for (const file of files) failures += (await attempt(file, session)) ? 0 : 1;
    return failures;
  } finally {
    await classifier.close();
  }
}

async function attempt(file: string, session: Session): Promise<boolean> {
  try {
    await classifyFile(file, session);
    return true;
  } catch (error) {
    session.terminal.err(describeError(error, { colours: false }, session.debug));
    return false;
  }
}

async function classifyFile(file: string, session: Session): Promise<void> {
  const { config, options, terminal } = session;
  const recording = await readAudioFile(file);
  const tenant = config.gateway.defaultTenant;
  const isDeclared = config.tenants[tenant]?.agentAudioDeclared !== undefined;
  const assigned = assignLegs(recording, session.legs, file);
  const legged = keepLawful(assigned, isDeclared, file);
  if (legged.legs.length < assigned.legs.length) terminal.err(`${file}: ${AGENT_LEFT_OUT}\n`);
  const entries = await entriesOf(legged, { callId: basename(file), tenant }, session);
  const seconds = (recording.channels[0]!.length / recording.sampleRateHz).toFixed(1);
  const title = `${basename(file)}: ${seconds} s, ${recording.sampleRateHz} Hz, ${channelsText(recording.channels.length)}`;
  if (options.json) terminal.out(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  else terminal.out(`${renderTable(title, entries, terminal)}\n`);
  await writePicture(file, legged, entries, session, title);
}

function channelsText(count: number): string {
  return count === 1 ? 'mono' : `${count} channels`;
}

async function entriesOf(
  { clip, legs }: LeggedClip,
  names: { callId: string; tenant: string },
  { config, bundle, classifier }: Session,
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  const keep = (entry: Entry): void => void entries.push(entry);
  const ignore = (): void => undefined;
  const observer = { point: keep, hole: keep, alert: ignore, summary: ignore, erased: ignore };
  await analyzeClip(clip, { ...names, legs }, { config, bundle, classifier }, observer);
  return entries;
}

async function writePicture(
  file: string,
  { clip, legs }: LeggedClip,
  entries: readonly Entry[],
  session: Session,
  title: string,
): Promise<void> {
  const { picture, isOneOfMany } = session;
  if (picture === undefined) return;
  const path = picturePath(picture.name, file, isOneOfMany);
  const plotted = legs.map((leg, channel) => ({
    leg,
    samples: clip.channels[channel]!,
    entries: entries.filter((entry) => entry.leg === leg),
  }));
  const { sampleRateHz } = clip;
  const png = picture.draw({ title, sampleRateHz, frontEnd: session.bundle.frontEnd, legs: plotted });
  await writeFile(path, png).catch((cause: NodeJS.ErrnoException) => {
    throw new UndertoneError('UT_CLI_PLOT', `Writing failed (${cause.code}).`, { place: path, cause });
  });
}

/** What draws comes in optional packages: an installation that only serves does without. */
async function loadDraw(): Promise<Draw> {
  try {
    return (await import('./plot/plot.js')).plotTimeline;
  } catch (cause) {
    throw new UndertoneError('UT_CLI_NO_PICTURES', String(cause), { place: '--plot', cause });
  }
}

function checkPlotName(plot: string | undefined): void {
  if (plot === undefined || extname(plot).toLowerCase() === '.png') return;
  throw new UndertoneError('UT_CLI_PLOT', 'The name does not end in .png.', { place: `--plot ${plot}` });
}
