export { rdkafkaIsInstalled } from './load.js';
export { createRdkafkaDriver } from './rdkafka-driver.js';
