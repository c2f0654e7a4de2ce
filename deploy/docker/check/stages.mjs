import { DockerfileParser } from 'dockerfile-ast';

/**
 * The stages of a Dockerfile, in order. What stands before the first FROM are build arguments, which are expanded with
 * their defaults.
 * @returns {{ name: string, from: string, instructions: import('dockerfile-ast').Instruction[] }[]}
 */
export function stagesOf(text) {
  const stages = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    if (instruction.getKeyword() === 'FROM') {
      const [from] = instruction.getExpandedArguments();
      stages.push({ name: instruction.getBuildStage(), from: from.getValue(), instructions: [] });
    } else stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
}

/** The words of a CMD, ENTRYPOINT or HEALTHCHECK. The shell form is refused: there a shell gets the signals, not the program. */
export function execForm(instruction) {
  const content = instruction.getArgumentsContent().replace(/^CMD\s+/, '');
  if (content.startsWith('[')) return JSON.parse(content);
  throw new Error(`${instruction.getKeyword()} ${content} is not in exec form`);
}

/** `KEY=value` pairs of an ENV or LABEL. */
export function pairsOf(instruction) {
  return Object.fromEntries(
    instruction.getProperties().map((property) => [property.getName(), property.getValue()]),
  );
}
