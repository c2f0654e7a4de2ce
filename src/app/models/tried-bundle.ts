import { UndertoneError } from '../../errors.js';
import { type Bundle, loadBundle } from '../../inference/index.js';

/**
 * The bundle of `model.shadow`, fit to hear the windows of the model beside which it is tried.
 * @throws UT_INFERENCE_SHADOW_FRONT_END and what {@link loadBundle} throws
 */
export async function loadTried(folder: string, beside: Bundle): Promise<Bundle> {
  const tried = await loadBundle(folder);
  const [its, theirs] = [tried.frontEndFingerprint, beside.frontEndFingerprint];
  if (its === theirs) return tried;
  const detail = `${tried.name} has the front end ${its}, ${beside.name} has ${theirs}.`;
  throw new UndertoneError('UT_INFERENCE_SHADOW_FRONT_END', detail, { place: 'model.shadow.bundle' });
}
