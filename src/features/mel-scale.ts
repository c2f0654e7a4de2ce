const SLANEY_HZ_PER_MEL = 200 / 3;
const SLANEY_LOG_FROM_HZ = 1000;
const SLANEY_LOG_FROM_MEL = SLANEY_LOG_FROM_HZ / SLANEY_HZ_PER_MEL;
const SLANEY_LOG_STEP = Math.log(6.4) / 27;

/** Hz → mel. `slaney`: Auditory Toolbox (librosa default); `htk`: O'Shaughnessy, 2595·log10(1 + f/700). */
export function hzToMel(hz: number, scale: 'slaney' | 'htk'): number {
  if (scale === 'htk') return 2595 * Math.log10(1 + hz / 700);
  if (hz < SLANEY_LOG_FROM_HZ) return hz / SLANEY_HZ_PER_MEL;
  return SLANEY_LOG_FROM_MEL + Math.log(hz / SLANEY_LOG_FROM_HZ) / SLANEY_LOG_STEP;
}

/** Mel → Hz, the inverse of {@link hzToMel}. */
export function melToHz(mel: number, scale: 'slaney' | 'htk'): number {
  if (scale === 'htk') return 700 * (10 ** (mel / 2595) - 1);
  if (mel < SLANEY_LOG_FROM_MEL) return mel * SLANEY_HZ_PER_MEL;
  return SLANEY_LOG_FROM_HZ * Math.exp(SLANEY_LOG_STEP * (mel - SLANEY_LOG_FROM_MEL));
}
