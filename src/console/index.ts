export type { AlertsAnswer, CallsAnswer, PointsAnswer } from './api.js';
export { type Console, type ConsoleOptions, createConsole } from './console.js';
export { type ConsoleLimits, DEFAULT_CONSOLE_LIMITS } from './limits.js';
export { type ConsoleObserver, SILENT_CONSOLE_OBSERVER, type StreamEnd } from './observer.js';
export { assertOwnOrigin, type RequestSource } from './origin-guard.js';
export { type Credentials, SessionAuth } from './session.js';
export type { SessionAnswer } from './session-routes.js';
