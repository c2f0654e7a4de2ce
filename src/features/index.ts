export { DEFAULT_FRONT_END, type FrontEnd, fingerprintOf } from './front-end.js';
