import type { Command } from 'commander';
import type { CommandContext } from '../context.js';
import { keyOf } from '../training/options.js';

/** `undertone export BUNDLE OUT`: the model of a bundle for other programs. */
export function registerExport(program: Command, { terminal }: CommandContext): void {
  program
    .command('export')
    .description("write a bundle's model as a Keras archive, for ONNX runtimes or for TensorFlow.js")
    .argument('<bundle>', 'folder of the bundle')
    .argument('<out>', 'file to write (keras, onnx), or folder (tfjs)')
    .requiredOption('--format <name>', 'keras, onnx or tfjs')
    .action(async (bundle: string, out: string, flags: { readonly format: string }) => {
      const training = await import('../../training/index.js');
      const format = keyOf(training.EXPORT_FORMATS, flags.format, '--format');
      const files = await training.exportModel({ bundle, format, out });
      terminal.out(`${files.join('\n')}\n`);
    });
}
