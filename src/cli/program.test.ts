import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { runCommandLine } from './program.js';

async function run(...args: string[]) {
  let out = '';
  let err = '';
  const terminal = {
    colours: false,
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  };
  const code = await runCommandLine(args, terminal);
  return { code, out, err };
}

describe('the command line', () => {
  test('--version prints the version and ends well', async () => {
    expect(await run('--version')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  test('without a command it explains itself and ends as a usage error', async () => {
    const { code, err } = await run();
    expect(code).toBe(2);
    for (const command of ['start', 'classify', 'doctor']) expect(err).toContain(command);
  });

  test('a command mistyped gets a suggestion and exit code 2', async () => {
    const { code, err } = await run('clasify', 'x.wav');
    expect(code).toBe(2);
    expect(err).toContain('classify');
  });

  test('an option that does not exist is a usage error', async () => {
    expect((await run('start', '--prot', '1')).code).toBe(2);
    expect((await run('classify')).code).toBe(2);
  });

  test('--help of a command lists the global options too', async () => {
    const { code, out } = await run('classify', '--help');
    expect(code).toBe(0);
    expect(out).toContain('--json');
    expect(out).toContain('--config');
  });

  test('--print-config prints YAML that says where each value comes from, before or after a command', async () => {
    const alone = await run('--print-config', '--set', 'http.port=9000');
    expect(alone.code).toBe(0);
    expect(parse(alone.out)).toMatchObject({ http: { port: 9000 } });
    expect(alone.out).toContain('# --set http.port');
    expect(await run('start', '--set', 'http.port=9000', '--print-config')).toEqual(alone);
  });
});

describe('errors', () => {
  test('are one block with code, place, what and what to do, without a stack', async () => {
    const { code, out, err } = await run('--print-config', '--set', 'http.prt=1');
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toContain('✗ UT_CONFIG_INVALID');
    expect(err).toContain('where --set http.prt');
    expect(err).toContain('did you mean `http.port`?');
    expect(err).not.toMatch(/\n\s+at /);
  });

  test('show their stack with --debug', async () => {
    const { err } = await run('--debug', '--print-config', '--set', 'http.prt=1');
    expect(err).toMatch(/\n\s+at /);
  });

  test('several problems stand in one block', async () => {
    const { err } = await run('--print-config', '--set', 'http.prt=1', '--set', 'log.level=x');
    expect(err).toContain('2 problems:');
    expect(err).toContain('--set log.level');
  });

  test('a wrong leg is refused before anything is loaded', async () => {
    const { code, err } = await run('classify', 'x.wav', '--leg', 'customer,butler');
    expect(code).toBe(1);
    expect(err).toContain('UT_CLI_LEGS');
    expect(err).toContain('butler');
  });
});
