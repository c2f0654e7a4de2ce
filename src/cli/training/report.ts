import type { Command } from 'commander';
import type { CommandContext } from '../context.js';

interface ReportFlags {
  readonly evaluation?: string;
  readonly beside: readonly string[];
  readonly out?: string;
}

/** `undertone report BUNDLE [DATA…]`: a page about a model. */
export function registerReport(program: Command, { terminal }: CommandContext): void {
  program
    .command('report')
    .description('write a page about an evaluated bundle: its figures, and what it hears')
    .argument('<bundle>', 'folder of the bundle')
    .argument('[data...]', 'prepared folders: show windows of their test clips instead of the demo voices')
    .option('--evaluation <file>', 'the figures (default: evaluation.json in the bundle)')
    .option('--beside <file...>', 'evaluations by other protocols, to show beside it', [])
    .option('--out <file>', 'where the page goes (default: report.html in the bundle)')
    .action(async (bundle: string, data: string[], { evaluation, beside, out }: ReportFlags) => {
      const { writeReport } = await import('../../training/index.js');
      const written = await writeReport({
        bundle,
        data,
        beside,
        ...(evaluation === undefined ? {} : { evaluation }),
        ...(out === undefined ? {} : { out }),
      });
      terminal.out(`Report: ${written}\n`);
    });
}
