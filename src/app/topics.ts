import type { TopicSettings } from '../bus/index.js';
import type { BusConfig, Config } from '../config/index.js';
import type { ResultTopics } from '../sink/index.js';

/** How the embedded bus keeps each topic: audio waits for its worker, results make room for newer ones. */
export function busTopicsOf({ bus }: Config): Record<string, TopicSettings> {
  const { audio, emotions, calls, alerts, deadLetters } = bus.topics;
  const settings = (
    topic: BusConfig['topics']['audio'],
    retention: TopicSettings['retention'],
  ): TopicSettings => ({
    partitions: bus.partitions,
    retention,
    maxRecordsPerPartition: topic.maxRecordsPerPartition,
    maxBytesPerPartition: topic.maxBytesPerPartition,
  });
  return {
    [audio.name]: settings(audio, 'until-committed'),
    [emotions.name]: settings(emotions, 'newest'),
    [calls.name]: settings(calls, 'newest'),
    [alerts.name]: settings(alerts, 'newest'),
    [deadLetters.name]: settings(deadLetters, 'newest'),
  };
}

export function resultTopicsOf({ bus: { topics } }: Config): ResultTopics {
  return { emotions: topics.emotions.name, calls: topics.calls.name, alerts: topics.alerts.name };
}
