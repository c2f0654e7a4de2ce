import { BytesIEC, CountsPerSecond, Seconds, Short } from '@grafana/grafana-foundation-sdk/units';
import { metric } from '../metric-names.js';
import { graph } from './panels.js';
import { quantiles } from './quantiles.js';

const { kafkaLag, kafkaPaused, kafkaBufferedRecords, kafkaBufferedBytes, kafkaCommitSeconds } = metric;
const { kafkaSendSeconds, kafkaRebalances, kafkaFenced, partitionsLost, callsNotRebuilt } = metric;
const { busRecords, busBytes, busAppendWait, busDropped } = metric;
const { redisUp, redisDropped, redisQueue, redisPublishDelay } = metric;
const { consoleSourceUp, consoleStreams, consoleRejections } = metric;
const RATE = '[$__rate_interval]';

/** What lies between the processes. A graph about what is not in use stays empty. */
export const bus = [
  graph(
    {
      title: 'Kafka: lag',
      unit: Short,
      description:
        'Audio records that no worker has read, by partition. It grows: more workers. A live leg makes 50 records a second.',
    },
    { 'partition {{partition}}': `sum by (partition) (${kafkaLag})` },
  ),
  graph(
    {
      title: 'Kafka: partitions held back',
      unit: Short,
      description: 'Partitions that are not fetched for the moment because their work is behind.',
    },
    { '{{instance}}': `sum by (instance) (${kafkaPaused}) or sum by (instance) (0 * ${kafkaLag})` },
  ),
  graph(
    {
      title: 'Kafka: waiting at gateways',
      unit: Short,
      description:
        'Audio records that wait for a broker, by process. Near bus.kafka.maxBufferedRecords feeds are slowed down.',
    },
    { '{{instance}}': `sum by (instance) (${kafkaBufferedRecords})` },
  ),
  graph(
    {
      title: 'Kafka: bytes waiting at gateways',
      unit: BytesIEC,
      description: 'The same in bytes; the bound is bus.kafka.maxBufferedBytes.',
    },
    { '{{instance}}': `sum by (instance) (${kafkaBufferedBytes})` },
  ),
  graph(
    {
      title: 'Kafka: commits',
      unit: Seconds,
      description: 'One transaction: results and offset. p99 over 0.5 s: the brokers are slow.',
    },
    quantiles(kafkaCommitSeconds),
  ),
  graph(
    {
      title: 'Kafka: sending',
      unit: Seconds,
      description: 'From sending a batch of audio to the acknowledgement of the brokers.',
    },
    quantiles(kafkaSendSeconds),
  ),
  graph(
    {
      title: 'Partitions that move',
      unit: Short,
      description: 'Within five minutes. While nobody restarts or scales, all of it is 0.',
    },
    {
      rebalances: `sum(increase(${kafkaRebalances}[5m]))`,
      fenced: `sum(increase(${kafkaFenced}[5m]))`,
      lost: `sum(increase(${partitionsLost}[5m]))`,
      'calls not rebuilt': `sum(increase(${callsNotRebuilt}[5m]))`,
    },
  ),
  graph(
    {
      title: 'Memory bus: records',
      unit: Short,
      description: 'Records that the bus in memory holds, by topic.',
    },
    { '{{topic}}': `sum by (topic) (${busRecords})` },
  ),
  graph(
    {
      title: 'Memory bus: bytes',
      unit: BytesIEC,
      description: 'Bytes that the bus in memory holds, by topic.',
    },
    { '{{topic}}': `sum by (topic) (${busBytes})` },
  ),
  graph(
    {
      title: 'Memory bus: waiting for room',
      unit: Seconds,
      description: 'How long a producer waits for room in a full topic, p99.',
    },
    {
      '{{topic}}': `histogram_quantile(0.99, sum by (le, topic) (rate(${busAppendWait}_bucket${RATE})))`,
    },
  ),
  graph(
    {
      title: 'Memory bus: dropped',
      unit: Short,
      description:
        'Oldest records dropped from full topics within five minutes. The audio topic drops nothing.',
    },
    { dropped: `sum(increase(${busDropped}[5m])) or vector(0)` },
  ),
  graph(
    {
      title: 'Redis: reachable',
      unit: Short,
      description: '1 or 0 by process: whether results are published, and whether a console hears of them.',
    },
    {
      'publishing, {{instance}}': `sum by (instance) (${redisUp})`,
      'console, {{instance}}': `sum by (instance) (${consoleSourceUp})`,
    },
  ),
  graph(
    { title: 'Redis: publishing', unit: Seconds, description: 'From a result to the answer of Redis.' },
    quantiles(redisPublishDelay),
  ),
  graph(
    { title: 'Redis: waiting', unit: Short, description: 'Messages that wait for Redis, by process.' },
    { '{{instance}}': `sum by (instance) (${redisQueue})` },
  ),
  graph(
    {
      title: 'Redis: dropped',
      unit: CountsPerSecond,
      description: 'Messages a second that did not go out, by why. The result log has them all the same.',
    },
    { '{{reason}}': `sum by (reason) (rate(${redisDropped}${RATE}))` },
  ),
  graph(
    { title: 'Console: browsers', unit: Short, description: 'Browsers connected now, by process.' },
    { '{{instance}}': `sum by (instance) (${consoleStreams})` },
  ),
  graph(
    {
      title: 'Console: refused requests',
      unit: Short,
      description: 'Requests refused within five minutes, by error code: a wrong token, or a foreign page.',
    },
    { '{{code}}': `topk(10, sum by (code) (increase(${consoleRejections}[5m])))` },
  ),
];
