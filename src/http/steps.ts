import { setImmediate as nextTurn } from 'node:timers/promises';

/** Work that can pause after each step, and its result. */
export type Steps<T> = Generator<void, T>;

/** How long steps are taken at a stretch, in milliseconds. */
const LONGEST_STRETCH = 5;

/** Takes all steps, with pauses for whatever else the process has to do. A step is not divided. */
export async function takeSteps<T>(steps: Steps<T>): Promise<T> {
  let began = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - began < LONGEST_STRETCH) continue;
    await nextTurn();
    began = performance.now();
  }
}

/** Takes all steps at once. */
export function takeStepsAtOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
