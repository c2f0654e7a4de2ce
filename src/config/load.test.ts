import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ERROR_CATALOGUE, UndertoneError } from '../errors.js';
import { EMOTIONS } from '../inference/index.js';
import { type ConfigInputs, loadConfig } from './load.js';
import { printConfig } from './print.js';
import { configVariables } from './read-environment.js';
import { configSchema } from './schema.js';
import { REDACTED } from './secrets.js';
import { EMOTION_NAMES } from './sections/alerts.js';

const TOKEN = 'a-token-of-enough-length';

/** Loads from texts alone: no file system, no process. */
function load(inputs: Omit<ConfigInputs, 'readFile'> & { files?: Record<string, string> } = {}) {
  const { files = {}, ...rest } = inputs;
  const readFile = (path: string) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error('missing'), { code: 'ENOENT' });
    return text;
  };
  return loadConfig({ environment: {}, ...rest, readFile });
}

function failure(inputs: Parameters<typeof load>[0]): UndertoneError {
  try {
    load(inputs);
  } catch (error) {
    if (error instanceof UndertoneError) return error;
    throw error;
  }
  throw new Error('expected the configuration to be refused');
}

const fromYaml = (text: string) => ({ files: { 'undertone.yaml': text } });

describe('layers', () => {
  test('nothing given: the defaults listen on loopback only', () => {
    const { config } = load();
    expect(config.http).toMatchObject({ host: '127.0.0.1', port: 8080 });
    expect(config.alerts.rules.map((rule) => rule.name)).toContain('sustained-anger');
  });

  test('flags win over environment, environment over file, file over defaults; the rest is merged', () => {
    const inputs = {
      ...fromYaml('http: {port: 1, host: 127.0.0.2}\nlog: {level: warn}\n'),
      environment: { UNDERTONE_HTTP_PORT: '2', UNDERTONE_LOG_LEVEL: 'debug' },
    };
    expect(load(inputs).config.http).toMatchObject({ port: 2, host: '127.0.0.2' });
    const { config, sources } = load({ ...inputs, flags: ['http.port=3'] });
    expect(config.http.port).toBe(3);
    expect(config.log.level).toBe('debug');
    expect(sources.of(['http', 'port']).place).toBe('--set http.port');
    expect(sources.of(['http', 'host']).place).toBe('undertone.yaml:1');
    expect(sources.of(['log', 'level']).place).toBe('UNDERTONE_LOG_LEVEL');
    expect(sources.of(['model', 'bundle']).place).toBe('default');
  });

  test('a section left empty in the file keeps its defaults', () => {
    expect(load(fromYaml('http:\n  # port: 9\nlog:\n')).config.http.port).toBe(8080);
  });

  test('tenants are merged by name across sources', () => {
    const { config } = load({
      ...fromYaml('tenants: {acme: {requireNotice: true}}'),
      flags: ['tenants.beta.requireNotice=true'],
    });
    expect(Object.keys(config.tenants)).toEqual(['acme', 'beta']);
  });

  test('text that looks like a number stays text where text is wanted', () => {
    expect(load({ environment: { UNDERTONE_MODEL_BUNDLE: '2024' } }).config.model.bundle).toBe('2024');
    expect(load({ flags: ['model.bundle=null'] }).config.model.bundle).toBeNull();
  });

  test('every variable sets a path of its own, and the default of every path can be set by it', () => {
    const variables = configVariables();
    expect(new Set(variables.values()).size).toBe(variables.size);
    for (const [variable, path] of variables) {
      const value = path
        .split('.')
        .reduce<unknown>((tree, key) => (tree as Record<string, unknown>)[key], load().config);
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      expect(load({ environment: { [variable]: text } }).config, variable).toEqual(load().config);
    }
  });
});

describe('problems', () => {
  test('all are reported at once, each with path, source and line', () => {
    const error = failure({
      ...fromYaml(
        'http:\n  port: 70000\n  hots: x\nalerts:\n  rules:\n    - {kind: overlap, name: a, severity: loud}\n',
      ),
      environment: { UNDERTONE_HTTP_PROT: '1', UNDERTONE_BUS_PARTITIONS: 'many' },
      flags: ['log.level=verbose', 'nonsense'],
    });
    expect(error.code).toBe('UT_CONFIG_INVALID');
    expect(error.detail).toContain('http.port (undertone.yaml:2)');
    expect(error.detail).toContain(
      'http.hots (undertone.yaml:3): no such setting; did you mean `http.host`?',
    );
    expect(error.detail).toContain('alerts.rules[0].severity (undertone.yaml:6)');
    expect(error.detail).toContain(
      'UNDERTONE_HTTP_PROT: no such setting; did you mean `UNDERTONE_HTTP_PORT`?',
    );
    expect(error.detail).toContain('bus.partitions (UNDERTONE_BUS_PARTITIONS): expected number');
    expect(error.detail).toContain('--set log.level');
    expect(error.detail).toContain('--set nonsense: must have the form path=value');
  });

  test('a wrong value of a choice suggests the nearest', () => {
    expect(failure({ flags: ['log.level=inf'] }).detail).toMatch(/did you mean `info`\?$/);
  });

  test('an unknown kind of rule lists the kinds there are', () => {
    const { detail } = failure(fromYaml('alerts:\n  rules:\n    - {kind: angry, name: a, severity: info}\n'));
    expect(detail).toContain('sustained-emotion, valence-drop, long-silence, overlap');
  });

  test('an unknown section names the line of what it holds', () => {
    expect(failure(fromYaml('log: {level: warn}\nhtpt:\n  port: 1\n')).message).toContain('undertone.yaml:3');
    expect(failure({ flags: ['__proto__.port=1'] }).message).toContain('--set __proto__.port');
  });

  test('a YAML mistake names its line', () => {
    expect(failure(fromYaml('http:\n  port: 1\n  port: 2\n')).message).toContain('undertone.yaml:3');
    expect(failure(fromYaml('- a\n')).message).toContain('must be a mapping');
  });

  test('a file that was named must exist', () => {
    expect(failure({ file: 'other.yaml' }).code).toBe('UT_CONFIG_FILE_UNREADABLE');
    expect(failure({ environment: { UNDERTONE_CONFIG: 'other.yaml' } }).place).toBe('other.yaml');
  });

  test("Kubernetes' service variables and Undertone's other variables are no settings", () => {
    const environment = {
      UNDERTONE_SERVICE_HOST: '10.0.0.1',
      UNDERTONE_PORT: 'tcp://10.0.0.1:80',
      UNDERTONE_PORT_80_TCP_ADDR: '10.0.0.1',
      UNDERTONE_CORPORA: '/data',
      UNDERTONE_HTTP_PORT: '',
    };
    expect(load({ environment }).config).toEqual(load().config);
  });

  test('whatever the file holds, the answer is a configuration or an error with a code', () => {
    const keys = fc.constantFrom(
      'http',
      'gateway',
      'roles',
      'tenants',
      'alerts',
      'rules',
      'auth',
      'bearerTokens',
      'x',
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof({ maxDepth: 4 }, fc.jsonValue(), fc.dictionary(keys, tie('any')), fc.array(tie('any'))),
    })).any;
    fc.assert(
      fc.property(value, (content) => {
        const files = { 'undertone.yaml': JSON.stringify(content) ?? 'null' };
        try {
          load({ files });
        } catch (error) {
          expect(error).toBeInstanceOf(UndertoneError);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('secrets', () => {
  const tokens = 'console: {tokens: [{file: /run/token}, {env: MY_TOKEN}]}';

  test('come from files and variables, and are never printed', () => {
    const loaded = load({
      files: { 'undertone.yaml': tokens, '/run/token': `${TOKEN}-1\n` },
      environment: { MY_TOKEN: `${TOKEN}-2` },
    });
    expect(loaded.config.console.tokens).toEqual([`${TOKEN}-1`, `${TOKEN}-2`]);
    const printed = printConfig(loaded);
    expect(printed).not.toContain(TOKEN);
    expect(printed).toContain(REDACTED);
  });

  test('that cannot be found are named once, without their neighbours', () => {
    const { code, detail } = failure({ files: { 'undertone.yaml': tokens } });
    expect(code).toBe('UT_CONFIG_SECRET_UNREADABLE');
    expect(detail).toContain('/run/token');
    expect(detail).toContain('MY_TOKEN');
  });

  test('that are too short are refused without being repeated', () => {
    const { message } = failure({ flags: ['console.tokens=[hunter2]'] });
    expect(message).toContain('at least 16 characters');
    expect(message).not.toContain('hunter2');
  });
});

describe('values that do not go together', () => {
  const open = ['http.host=0.0.0.0'];
  const auth = [`console.tokens=[${TOKEN}]`, `gateway.auth.bearerTokens=[{tenant: a, token: ${TOKEN}}]`];

  test('listening beyond loopback needs tokens and a TLS declaration', () => {
    const error = failure({ flags: open });
    expect(error.detail).toContain('console.tokens');
    expect(error.detail).toContain('gateway.auth');
    expect(error.detail).toContain('http.behindTlsProxy');
    expect(error.message).toContain(ERROR_CATALOGUE.UT_CONFIG_EXPOSED_WITHOUT_TLS.remedy);
    expect(error.message).toContain(ERROR_CATALOGUE.UT_CONFIG_EXPOSED_WITHOUT_AUTH.remedy);
    expect(failure({ flags: [...open, 'http.behindTlsProxy=true'] }).code).toBe(
      'UT_CONFIG_EXPOSED_WITHOUT_AUTH',
    );
    expect(failure({ flags: [...open, ...auth] }).code).toBe('UT_CONFIG_EXPOSED_WITHOUT_TLS');
    expect(load({ flags: [...open, ...auth, 'http.behindTlsProxy=true'] }).config.http.host).toBe('0.0.0.0');
  });

  test.each([
    ['roles=[gateway]', 'roles'],
    ['gateway.maxStreamsPerTenant=300', 'gateway.maxStreamsPerTenant'],
    ['gateway.maxMessageBytes=90000000', 'bus.topics.audio.maxBytesPerPartition'],
    ['bus.topics.alerts.name=undertone.calls.v1', 'bus.topics'],
    [`gateway.auth.twilioAuthTokens=[{tenant: a, token: ${TOKEN}}]`, 'gateway.auth.publicUrl'],
    [
      'alerts.rules=[{kind: overlap, name: a, severity: info}, {kind: overlap, name: a, severity: info}]',
      'alerts.rules',
    ],
    [
      `gateway.auth.bearerTokens=[{tenant: a, token: ${TOKEN}}, {tenant: b, token: ${TOKEN}}]`,
      'bearerTokens',
    ],
    ['console.source=redis', 'redis.enabled'],
    ['redis.cluster.nodes=[{host: a}]; redis.db=1', 'redis.db'],
    ['redis.cluster.nodes=[{host: a}]; redis.sentinel.nodes=[{host: b}]', 'redis.sentinel.nodes'],
    ['redis.tls.certFile=a.pem', 'redis.tls'],
  ])('%s is a contradiction', (flags, path) => {
    const error = failure({ flags: flags.split('; ') });
    expect(error.code).toBe('UT_CONFIG_CONTRADICTION');
    expect(error.message).toContain(path);
  });
});

test('a console that hears of calls through Redis needs neither gateway nor worker beside it', () => {
  const flags = ['roles=[console]', 'redis.enabled=true'];
  expect(load({ flags: [...flags, 'console.source=redis'] }).config.roles).toEqual(['console']);
  expect(failure({ flags }).message).toContain('roles');
});

test('what is printed can be read back and means the same', () => {
  const loaded = load({ flags: ['http.port=9', 'tenants.acme.requireNotice=true'] });
  const printed = printConfig(loaded);
  expect(printed).toMatch(/port: 9 +# --set http\.port/);
  expect(configSchema.parse(parse(printed))).toEqual(loaded.config);
});

test('alert rules know exactly the labels that models have', () => {
  expect(EMOTION_NAMES).toEqual(EMOTIONS);
});
