import type { JSX } from 'preact';
import type { AlertStory } from '../alert-board.js';
import type { LiveCall } from '../live-state.js';
import { Badges } from './badges.js';
import { Heard, MoodShare, TalkShare } from './call-facts.js';
import { viewOf } from './call-view.js';
import { clockOf } from './format.js';
import { PieceTable } from './piece-table.js';
import { piecesOf } from './ribbon.js';
import { Timeline } from './timeline.js';
import { END_WORDS } from './words.js';

/** The selected call, in full. */
export function CallDetail(props: {
  readonly call: LiveCall;
  readonly alerts: readonly AlertStory[];
}): JSX.Element {
  const { call } = props;
  const view = viewOf(call);
  const alerts = props.alerts.filter(({ raised, ended }) => (raised ?? ended)?.callId === call.callId);
  const pieces = piecesOf(view.track?.points ?? [], view.track?.holes ?? []);
  return (
    <article class="detail" data-testid="detail" data-call={call.callId}>
      <header class="detail-head">
        <div>
          <h2 class="detail-id">{call.callId}</h2>
          <p class="detail-sub">
            {[view.queue, view.tenant].filter(Boolean).join(' · ')} · {stateWords(call)}
          </p>
        </div>
        <span class="detail-time" data-testid="detail-time">
          {clockOf(view.durationMs)}
        </span>
        <Badges call={call} view={view} />
      </header>
      <Timeline call={call} view={view} alerts={alerts} />
      {call.summary !== undefined && (
        <div class="panels">
          <TalkShare summary={call.summary} />
          <MoodShare summary={call.summary} />
          <Heard summary={call.summary} />
        </div>
      )}
      <PieceTable pieces={pieces} />
    </article>
  );
}

function stateWords({ summary }: LiveCall): string {
  if (summary?.state !== 'ended') return 'live';
  return summary.endReason === undefined ? 'ended' : END_WORDS[summary.endReason].toLowerCase();
}
