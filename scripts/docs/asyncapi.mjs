/** docs/asyncapi.yaml: topics, messages and who writes and reads them, AsyncAPI 3.0. */
import { topicDefinitionsOf } from '../../dist/app/topic-definitions.js';
import { AUDIO, DEAD_LETTER, ERASED, RESULTS, SCHEMAS } from './asyncapi-messages.mjs';
import { config } from './contracts.mjs';

const { point, hole, callSummary, alert } = RESULTS;

/** Topics by the name that they have in the configuration, with what stands on each. */
const CHANNELS = {
  audio: {
    title: 'Audio log',
    description: 'Audio as it was sent, and what is known of the calls. Any program may write it.',
    messages: AUDIO,
  },
  emotions: {
    title: 'Emotions',
    description: 'Timelines. A reader of committed records sees each window of each call exactly once.',
    messages: { point, hole, ...ERASED },
  },
  calls: {
    title: 'Calls',
    description: 'Each call so far; compacted, so that the last word on each stays.',
    messages: { callSummary, ...ERASED },
  },
  alerts: { title: 'Alerts', description: 'Alerts raised and ended.', messages: { alert, ...ERASED } },
  deadLetters: {
    title: 'Dead letters',
    description: 'What could not be used, with the reason.',
    messages: DEAD_LETTER,
  },
};

const OPERATIONS = {
  writeAudio: ['send', 'audio', 'A gateway, or any other producer, writes what it hears.'],
  readAudio: ['receive', 'audio', 'The workers share the calls among them by partition.'],
  publishEmotions: ['send', 'emotions', 'A worker writes the timelines of its calls.'],
  publishCalls: ['send', 'calls', 'A worker writes summaries of its calls.'],
  publishAlerts: ['send', 'alerts', 'A worker writes alerts of its calls.'],
  publishDeadLetters: ['send', 'deadLetters', 'A worker puts aside what it could not use.'],
};

const definitions = new Map(topicDefinitionsOf(config).map((topic) => [topic.name, topic]));

/** Settings that Kafka's binding knows as numbers. */
const NUMBERS = /\.(ms|bytes|replicas)$/;

function topicConfiguration(settings) {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => {
      if (name === 'cleanup.policy') return [name, value.split(',')];
      return [name, NUMBERS.test(name) ? Number(value) : value];
    }),
  );
}

function channel(key, { title, description, messages }) {
  const { name, partitions, replicationFactor, settings } = definitions.get(config.bus.topics[key].name);
  const kafka = {
    topic: name,
    partitions,
    replicas: replicationFactor,
    topicConfiguration: topicConfiguration(settings),
    bindingVersion: '0.5.0',
  };
  return { address: name, title, description, messages: refsTo(messages), bindings: { kafka } };
}

function refsTo(messages) {
  return Object.fromEntries(
    Object.keys(messages).map((name) => [name, { $ref: `#/components/messages/${name}` }]),
  );
}

function operation([action, key, summary]) {
  const names = Object.keys(CHANNELS[key].messages);
  const group = { groupId: { type: 'string', const: config.bus.kafka.group }, bindingVersion: '0.5.0' };
  return {
    action,
    channel: { $ref: `#/channels/${key}` },
    summary,
    messages: names.map((name) => ({ $ref: `#/channels/${key}/messages/${name}` })),
    ...(action === 'receive' ? { bindings: { kafka: group } } : {}),
  };
}

const mapValues = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(key, value)]));

export function asyncApiDocument() {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Undertone',
      version: '1.0.0',
      description: [
        'Calls in, emotions out: the topics of Undertone, seen from its gateways and workers.',
        'Names, partitions and settings are the defaults of the configuration (bus.topics, bus.partitions, bus.kafka).',
        'Records are CloudEvents 1.0 in binary mode. Readers accept headers and fields that they do not know.',
      ].join('\n'),
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    channels: mapValues(CHANNELS, channel),
    operations: mapValues(OPERATIONS, (_, value) => operation(value)),
    components: {
      messages: { ...AUDIO, ...RESULTS, ...ERASED, ...DEAD_LETTER },
      schemas: SCHEMAS,
    },
  };
}
