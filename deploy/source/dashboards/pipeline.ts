import { board } from './board.js';
import { bus } from './pipeline-bus.js';
import { faults } from './pipeline-faults.js';
import { feeds } from './pipeline-feeds.js';
import { windows } from './pipeline-windows.js';

/** For operators: where it is stuck, in the order in which data passes. */
export const pipeline = board(
  {
    uid: 'undertone-pipeline',
    title: 'Undertone: pipeline',
    description:
      'From feeds to results. Read it from the top: the first row that looks wrong is the one to begin with. docs/metrics.md explains each metric, docs/runbooks each alert.',
  },
  { Faults: faults, Feeds: feeds, 'Windows and model': windows, 'Bus, Kafka, Redis': bus },
);
