import type { ResultObserver } from '../sink/index.js';

/** One observer that passes everything on to several, in order. */
export function tellAll(observers: readonly ResultObserver[]): ResultObserver {
  const each = (tell: (observer: ResultObserver) => void): void => {
    for (const observer of observers) tell(observer);
  };
  return {
    point: (...told) => each((observer) => observer.point(...told)),
    hole: (...told) => each((observer) => observer.hole(...told)),
    alert: (...told) => each((observer) => observer.alert(...told)),
    summary: (...told) => each((observer) => observer.summary(...told)),
    erased: (...told) => each((observer) => observer.erased(...told)),
  };
}
