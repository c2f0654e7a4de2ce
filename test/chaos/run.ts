import { join } from 'node:path';
import { planCalls } from './call-plan.js';
import { compare } from './compare.js';
import { type Fault, planFaults } from './faults.js';
import { type Fed, Feeder } from './feeder.js';
import { gapsOf } from './gaps.js';
import { Journal } from './journal.js';
import { createWorker } from './launch.js';
import type { ChaosOptions } from './options.js';
import { missingStates } from './redis-states.js';
import { describeVerdict, isPassed, keepEvidence, type Verdict } from './report.js';
import { readResults } from './results.js';
import { type Stage, setStage, type Troupe, troupe } from './stage.js';
import { type Struck, strike } from './strike.js';
import { makeVoices } from './voice.js';
import { workedOff } from './worked-off.js';

/** A group that commits nothing for so long has stopped. */
const PATIENCE_MS = 60_000;
/** The undisturbed worker has all audio before it: what it does not find soon it will not find. */
const REFERENCE_IDLE_MS = 6_000;

/**
 * The whole: workers are tormented while calls come in; then one worker that is left in peace works off the same log,
 * and what both wrote is compared.
 *
 * @param faults by default the seed draws them
 * @returns whether every promise was kept
 */
export async function runChaos(
  options: ChaosOptions,
  print: (line: string) => void,
  faults: readonly Fault[] = planFaults(options),
): Promise<boolean> {
  const folder = join(options.runsFolder, `chaos-${options.driver}-${options.seed}-${Date.now()}`);
  const journal = new Journal(folder, print);
  journal.note('chaos', { ...options });
  const troupes = [troupe('chaos'), troupe('reference')] as const;
  const stage = await setStage(options, troupes);
  try {
    const verdict = await perform(options, faults, stage, troupes, journal);
    print(describeVerdict(verdict));
    return isPassed(verdict);
  } finally {
    await stage.close();
  }
}

async function perform(
  options: ChaosOptions,
  faults: readonly Fault[],
  stage: Stage,
  [tormented, undisturbed]: readonly [Troupe, Troupe],
  journal: Journal,
): Promise<Verdict> {
  const plans = planCalls(options, makeVoices(options.seed));
  const { fed, struck, complaints } = await torment(options, faults, stage, tormented, plans, journal);
  journal.note('the undisturbed worker begins');
  const reference = createWorker(
    { ...options, idleTimeoutMs: REFERENCE_IDLE_MS },
    { ...stage, redis: null },
    undisturbed,
    'reference',
    journal,
  );
  reference.start();
  complaints.push(...(await left(stage, undisturbed, options, journal)));
  await reference.retire();
  complaints.push(...reference.complaints);
  const { admin } = stage.cluster;
  const seen = await readResults(admin, tormented);
  if (stage.redis !== null) {
    const { looked, complaints: missing } = await missingStates(stage.redis, seen, struck);
    journal.note('states in Redis', { looked, missing: missing.length });
    complaints.push(...missing);
  }
  const comparison = compare(seen, await readResults(admin, undisturbed), plans, fed.poison);
  const points = seen.filter(({ kind }) => kind === 'point');
  const gaps = gapsOf(points, plans);
  const verdict = { options, comparison, struck, gaps, complaints, fedRecords: fed.records };
  keepEvidence(journal.folder, verdict, seen);
  return verdict;
}

async function torment(
  options: ChaosOptions,
  faults: readonly Fault[],
  stage: Stage,
  tormented: Troupe,
  plans: ReturnType<typeof planCalls>,
  journal: Journal,
): Promise<{ fed: Fed; struck: readonly Struck[]; complaints: string[] }> {
  const names = Array.from({ length: options.workers }, (_, n) => `worker-${n}`);
  const workers = names.map((name) => createWorker(options, stage, tormented, name, journal));
  for (const worker of workers) worker.start();
  await Promise.all(workers.map((worker) => worker.ready()));
  const { bootstrap } = stage.cluster;
  const feeder = new Feeder({ ...options, bootstrap, topic: tormented.topics.audio }, journal);
  journal.note('calls and faults begin', { calls: plans.length });
  const [fed, struck] = await Promise.all([feeder.feed(plans), strike(faults, workers, stage, journal)]);
  journal.note('calls and faults are over', { records: fed.records, poison: fed.poison });
  const complaints = await left(stage, tormented, options, journal);
  await Promise.all(workers.map((worker) => worker.retire()));
  return { fed, struck, complaints: [...complaints, ...workers.flatMap((worker) => worker.complaints)] };
}

/** Waits for a group, and says so where it does not come to its end. */
async function left(
  { cluster }: Stage,
  { group, topics }: Troupe,
  { idleTimeoutMs }: ChaosOptions,
  journal: Journal,
): Promise<string[]> {
  const lag = await workedOff(cluster.admin, group, topics.audio, PATIENCE_MS + idleTimeoutMs);
  journal.note('worked off', { group, lag });
  return lag === null
    ? []
    : [`group ${group} stopped with so many records left by partition: ${lag.join(' ')}`];
}
