import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePorts } from './servers/free-ports.js';
import { guardedFolder } from './servers/guard.js';
import { ServerProcess } from './servers/server-process.js';

export interface PromSeries {
  readonly metric: Readonly<Record<string, string>>;
  /** Infinity and NaN are what they are. */
  readonly value: number;
}

/** One series over a time. */
export interface PromCurve {
  /** Where it has a value. */
  readonly points: readonly { readonly atMs: number; readonly value: number }[];
}

export interface PromRule {
  readonly name: string;
  readonly health: 'ok' | 'err' | 'unknown';
  readonly lastError?: string;
}

export interface PrometheusOptions {
  /** `host:port` of what to scrape, each second. */
  readonly targets: readonly string[];
  /** Rules, evaluated each second. */
  readonly ruleFile: string;
}

/** A real Prometheus that scrapes each second. */
export class PrometheusServer {
  readonly #folder = guardedFolder('prometheus');
  readonly #url: string;
  readonly #server: ServerProcess;

  constructor(port: number, { targets, ruleFile }: PrometheusOptions) {
    this.#url = `http://127.0.0.1:${port}`;
    copyFileSync(ruleFile, join(this.#folder, 'rules.yaml'));
    const file = join(this.#folder, 'prometheus.yaml');
    writeFileSync(
      file,
      stringify({
        global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
        rule_files: ['rules.yaml'],
        scrape_configs: [{ job_name: 'undertone', static_configs: [{ targets }] }],
      }),
    );
    this.#server = new ServerProcess({
      name: 'Prometheus',
      program: 'prometheus',
      args: [
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(this.#folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=warn',
      ],
      logFile: join(this.#folder, 'log'),
      isReady: async () => (await fetch(`${this.#url}/-/ready`)).ok,
    });
  }

  start(): Promise<void> {
    return this.#server.start();
  }

  /** What an expression gives now. @throws where Prometheus does not understand it */
  async query(expr: string): Promise<readonly PromSeries[]> {
    const { result } = await this.#ask<{
      result: { metric: Record<string, string>; value: [number, string] }[];
    }>(`query?${new URLSearchParams({ query: expr })}`);
    return result.map(({ metric, value: [, text] }) => ({ metric, value: numberOf(text) }));
  }

  /** What an expression gave in each second from `fromMs` to `toMs`. @throws where Prometheus does not understand it */
  async curves(expr: string, fromMs: number, toMs: number): Promise<readonly PromCurve[]> {
    const times = { start: String(fromMs / 1000), end: String(toMs / 1000), step: '1' };
    const { result } = await this.#ask<{
      result: { values: [number, string][] }[];
    }>(`query_range?${new URLSearchParams({ query: expr, ...times })}`);
    return result.map(({ values }) => ({
      points: values.map(([seconds, text]) => ({ atMs: 1000 * seconds, value: numberOf(text) })),
    }));
  }

  /** How the last evaluation of each rule went. */
  async rules(): Promise<readonly PromRule[]> {
    const { groups } = await this.#ask<{ groups: { rules: PromRule[] }[] }>('rules');
    return groups.flatMap(({ rules }) => rules);
  }

  async stop(): Promise<void> {
    await this.#server.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #ask<T>(path: string): Promise<T> {
    const answer = (await (await fetch(`${this.#url}/api/v1/${path}`)).json()) as
      | { status: 'success'; data: T }
      | { status: 'error'; error: string };
    if (answer.status === 'error') throw new Error(`${path}: ${answer.error}`);
    return answer.data;
  }
}

const numberOf = (text: string) => Number(text.replace('Inf', 'Infinity'));

export async function startPrometheus(options: PrometheusOptions): Promise<PrometheusServer> {
  const [port] = (await freePorts(1)) as [number];
  const server = new PrometheusServer(port, options);
  await server.start();
  return server;
}
