import type { Command } from 'commander';
import { type CommandContext, ExitCode, type GlobalOptions } from '../context.js';
import type { ClassifyOptions } from './classify-files.js';

/** `undertone classify FILE…`: recordings through the same path as a call. */
export function registerClassify(program: Command, context: CommandContext): void {
  program
    .command('classify')
    .description('say how the voices in recordings sound (WAV, AIFF, FLAC; 4 to 192 kHz, 1 or 2 channels)')
    .argument('<file...>', 'recordings')
    .option('--json', 'one JSON line an entry, as on the emotions topic', false)
    .option(
      '--plot <file.png>',
      'draw spectrogram, emotions, valence and arousal; with several recordings, one picture each',
    )
    .option(
      '--leg <legs>',
      'who speaks on the channels, in order (default: customer, or customer,agent for stereo)',
    )
    .action(async (files: string[], options: ClassifyOptions) => {
      const { config } = await context.loadConfig();
      const { classifyFiles } = await import('./classify-files.js');
      const { debug } = program.opts<GlobalOptions>();
      const failures = await classifyFiles(files, options, { config, terminal: context.terminal, debug });
      if (failures > 0) throw new ExitCode(1);
    });
}
