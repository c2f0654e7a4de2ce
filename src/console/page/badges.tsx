import type { JSX } from 'preact';
import type { LiveCall } from '../live-state.js';
import type { CallView } from './call-view.js';
import { NOTICE_WORDS } from './words.js';

/** What a supervisor must know before believing a word of the rest. */
export function Badges({ call, view }: { readonly call: LiveCall; readonly view: CallView }): JSX.Element {
  const notice = call.summary?.notice ?? view.latest?.notice;
  return (
    <span class="badges">
      {view.isSynthetic && (
        <span class="badge badge-synthetic" data-testid="badge-synthetic">
          synthetic voices
        </span>
      )}
      {notice !== undefined && (
        <span class={`badge badge-notice-${notice}`} data-testid="badge-notice">
          {NOTICE_WORDS[notice]}
        </span>
      )}
    </span>
  );
}
