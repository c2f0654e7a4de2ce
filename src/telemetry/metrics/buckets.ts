/** From the last sample of a window to its point: the budget is 0.1 s, the objective 0.5 s. */
export const DELAY_SECONDS = [0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2, 5];
export const COMPUTE_SECONDS = [0.0005, 0.001, 0.002, 0.004, 0.008, 0.015, 0.03, 0.06, 0.12, 0.25, 0.5];
export const COMMIT_SECONDS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5];
export const DISTANCES = [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1];
export const WAIT_SECONDS = [0.0001, 0.001, 0.01, 0.05, 0.1, 0.5, 1, 5];
