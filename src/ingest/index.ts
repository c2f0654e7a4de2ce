export * from './audio-log.js';
