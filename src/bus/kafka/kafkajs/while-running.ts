/**
 * Gives a consumer an order that only matters while it runs. Between giving up and saying so (CRASH) kafkajs throws at
 * every pause, resume and seek; whoever ordered it hears of the end by `onFailed`, and must not fall over it before.
 */
export function whileRunning(order: () => void): void {
  try {
    order();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'KafkaJSNonRetriableError') throw error;
  }
}
