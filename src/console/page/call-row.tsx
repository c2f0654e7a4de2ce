import type { JSX } from 'preact';
import type { LiveCall } from '../live-state.js';
import { Badges } from './badges.js';
import { type CallView, viewOf } from './call-view.js';
import { clockOf, percent, shortId } from './format.js';
import { piecesOf } from './ribbon.js';
import { pieceClass, Ribbon } from './ribbon-view.js';
import { Sparkline } from './sparkline.js';
import { pieceWord } from './words.js';

/** Media time that a row shows: the newest of the call. */
const ROW_SPAN_MS = 90_000;

export interface CallRowProps {
  readonly call: LiveCall;
  readonly isSelected: boolean;
  readonly activeAlerts: number;
  readonly onSelect: (callId: string) => void;
}

/** One call in the list. */
export function CallRow({ call, isSelected, activeAlerts, onSelect }: CallRowProps): JSX.Element {
  const view = viewOf(call);
  const pieces = piecesOf(view.track?.points ?? [], view.track?.holes ?? []);
  const toMs = Math.max(view.durationMs, ROW_SPAN_MS);
  const span = { fromMs: toMs - ROW_SPAN_MS, toMs };
  return (
    <button
      type="button"
      class="call-row"
      data-testid="call-row"
      data-call={call.callId}
      aria-current={isSelected ? 'true' : undefined}
      onClick={() => onSelect(call.callId)}
    >
      <RowHead view={view} activeAlerts={activeAlerts} />
      <span class="row-now">
        <Now view={view} last={pieces.at(-1)} />
        <Sparkline points={view.track?.points ?? []} {...span} />
      </span>
      <Ribbon pieces={pieces} {...span} />
      <span class="row-foot">
        <span class="row-queue">{[view.queue, view.tenant].filter(Boolean).join(' · ')}</span>
        <Badges call={call} view={view} />
      </span>
    </button>
  );
}

function RowHead(props: { readonly view: CallView; readonly activeAlerts: number }): JSX.Element {
  const { view, activeAlerts } = props;
  return (
    <span class="row-head">
      <span class={view.isLive ? 'live-dot' : 'ended-dot'} />
      <span class="call-id" title={view.callId}>
        {shortId(view.callId)}
      </span>
      {activeAlerts > 0 && (
        <span class="row-alerts" data-testid="row-alerts">
          <span aria-hidden="true">▲</span> {activeAlerts}
          <span class="for-ears"> active alerts</span>
        </span>
      )}
      <span class="row-time" data-testid="row-time">
        {view.isLive ? '' : 'ended · '}
        {clockOf(view.durationMs)}
      </span>
    </span>
  );
}

function Now(props: {
  readonly view: CallView;
  readonly last: ReturnType<typeof piecesOf>[number] | undefined;
}): JSX.Element {
  const { view, last } = props;
  if (last === undefined) return <span class="now-label">Listening…</span>;
  const confidence = last.confidence === null ? null : view.latest?.confidence;
  return (
    <span class="now-label" data-testid="row-label">
      <span class={`swatch ${pieceClass(last)}`} />
      {pieceWord(last)}
      {typeof confidence === 'number' && <span class="now-confidence">{percent(confidence)}</span>}
    </span>
  );
}
