import type { JSX } from 'preact';
import type { ConnectionState } from './store.js';

const WORDS: Record<ConnectionState, string> = {
  connecting: 'Connecting…',
  live: 'Live',
  lost: 'Connection lost, trying again…',
  'signed-out': 'Signed out',
};

export function ConnectionPill({ state }: { readonly state: ConnectionState }): JSX.Element {
  return (
    <span class={`pill pill-${state}`} role="status" data-testid="connection" data-state={state}>
      <span class="pill-dot" aria-hidden="true" />
      {WORDS[state]}
    </span>
  );
}
