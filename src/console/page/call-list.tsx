import type { JSX } from 'preact';
import type { AlertStory } from '../alert-board.js';
import type { LiveCall } from '../live-state.js';
import { CallRow } from './call-row.js';

export interface CallListProps {
  readonly calls: readonly LiveCall[];
  readonly alerts: readonly AlertStory[];
  readonly selectedId: string | undefined;
  readonly onSelect: (callId: string) => void;
}

/** Live calls, then those that ended a short while ago. */
export function CallList(props: CallListProps): JSX.Element {
  const live = props.calls.filter((call) => call.summary?.state !== 'ended');
  const ended = props.calls.filter((call) => call.summary?.state === 'ended');
  return (
    <nav class="calls" aria-label="Calls" data-testid="calls">
      <Group {...props} title="Live" calls={live} />
      <Group {...props} title="Recently ended" calls={ended} />
    </nav>
  );
}

function Group(props: CallListProps & { readonly title: string }): JSX.Element | null {
  if (props.calls.length === 0) return null;
  return (
    <section>
      <h2 class="eyebrow">
        {props.title} <span class="eyebrow-count">{props.calls.length}</span>
      </h2>
      <ul class="plain">
        {props.calls.map((call) => (
          <li key={call.callId}>
            <CallRow
              call={call}
              isSelected={call.callId === props.selectedId}
              activeAlerts={activeFor(call.callId, props.alerts)}
              onSelect={props.onSelect}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function activeFor(callId: string, alerts: readonly AlertStory[]): number {
  return alerts.filter(({ raised, ended }) => ended === undefined && raised?.callId === callId).length;
}
