import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const START_TIMEOUT_MS = 60_000;

/** The built program, running as a service. */
export interface RunningProgram {
  readonly url: string;
  readonly process: ChildProcess;
  /** Sends a signal and waits for the end. @returns the exit code */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/**
 * Starts `undertone start` on a free port; resolves when it says that it listens.
 * @param log file descriptor that takes its log in place of this process
 */
export function startProgram(settings: readonly string[] = [], log?: number): Promise<RunningProgram> {
  const args = ['http.port=0', 'log.level=error', ...settings].flatMap((setting) => ['--set', setting]);
  const child = spawn(process.execPath, [MAIN, 'start', ...args], {
    stdio: ['ignore', 'pipe', log ?? 'pipe'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let output = '';
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`The program did not listen in time: ${output}`));
    }, START_TIMEOUT_MS);
    void exited.then((code) => reject(new Error(`The program ended with ${code}: ${output}`)));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.stdout!.on('data', (chunk) => {
      output += chunk;
      const url = /listening: (\S+)/.exec(output)?.[1];
      if (url === undefined) return;
      clearTimeout(late);
      resolve({
        url,
        process: child,
        stop(signal = 'SIGTERM') {
          child.kill(signal);
          return exited;
        },
      });
    });
  });
}

/** Runs a command of the built program to its end. */
export function runProgram(
  args: readonly string[],
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}
