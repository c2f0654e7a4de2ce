import type { LoadedConfig } from '../config/index.js';
import type { Terminal } from './terminal.js';

/** Options that every command understands. */
export interface GlobalOptions {
  readonly config?: string;
  readonly set: readonly string[];
  readonly debug: boolean;
  readonly printConfig: boolean;
}

/** What a command gets beside its own options. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** The configuration in effect for this invocation; `flags` are settings that the command's own options stand for. */
  loadConfig(flags?: readonly string[]): Promise<LoadedConfig>;
}

/** Thrown by a command that has said everything itself: the process ends with this code. */
export class ExitCode extends Error {
  override readonly name = 'ExitCode';
  readonly code: number;
  constructor(code: number) {
    super(`exit code ${code}`);
    this.code = code;
  }
}
