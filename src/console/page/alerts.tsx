import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Alert } from '../../timeline/index.js';
import type { AlertStory } from '../alert-board.js';
import { clockOf, percent, shortId, spanOf } from './format.js';

const SEVERITY: Record<Alert['severity'], { readonly sign: string; readonly word: string }> = {
  critical: { sign: '▲', word: 'Critical' },
  warning: { sign: '◆', word: 'Warning' },
  info: { sign: '●', word: 'For information' },
};

export interface AlertsProps {
  readonly alerts: readonly AlertStory[];
  readonly selectedId: string | undefined;
  readonly onSelect: (callId: string) => void;
}

/** Alerts as they are raised and as they end, the newest on top. */
export function Alerts({ alerts, selectedId, onSelect }: AlertsProps): JSX.Element {
  const active = alerts.filter((story) => story.ended === undefined);
  const over = alerts.filter((story) => story.ended !== undefined);
  return (
    <aside class="alerts" aria-label="Alerts" data-testid="alerts">
      <h2 class="eyebrow">
        Alerts <span class="eyebrow-count">{active.length} active</span>
      </h2>
      <Announcer active={active} />
      {alerts.length === 0 && (
        <p class="quiet">None so far. An alert says what was heard, for how long, and when it is over.</p>
      )}
      <ul class="plain alert-list">
        {[...active, ...over].map((story) => (
          <li key={story.alertId}>
            <AlertCard story={story} selectedId={selectedId} onSelect={onSelect} />
          </li>
        ))}
      </ul>
    </aside>
  );
}

function AlertCard(props: { readonly story: AlertStory } & Omit<AlertsProps, 'alerts'>): JSX.Element | null {
  const { raised, ended } = props.story;
  const alert = raised ?? ended;
  if (alert === undefined) return null;
  const { sign, word } = SEVERITY[alert.severity];
  const isOver = ended !== undefined;
  return (
    <button
      type="button"
      class={`alert alert-${alert.severity} ${isOver ? 'alert-over' : ''}`}
      data-testid="alert"
      data-state={isOver ? 'ended' : 'raised'}
      aria-current={alert.callId === props.selectedId ? 'true' : undefined}
      onClick={() => props.onSelect(alert.callId)}
    >
      <span class="alert-head">
        <span class="alert-sign" aria-hidden="true">
          {sign}
        </span>
        <span class="alert-rule">{ruleWord(alert.rule)}</span>
        <span class="for-ears">{word}</span>
        <span class="alert-time">{clockOf(alert.mediaMs)}</span>
      </span>
      <span class="alert-reason">{alert.reason}</span>
      <span class="alert-facts">{factsOf(alert)}</span>
      {isOver && <span class="alert-end">{endOf(raised, ended)}</span>}
    </button>
  );
}

/** Speaks each alert once, when it is raised; alerts that were there when the page opened are not spoken. */
function Announcer({ active }: { readonly active: readonly AlertStory[] }): JSX.Element {
  const known = useRef<Set<string> | undefined>(undefined);
  const [words, setWords] = useState('');
  useEffect(() => {
    const fresh = active.filter((story) => known.current?.has(story.alertId) === false);
    known.current = new Set(active.map((story) => story.alertId));
    const [newest] = fresh;
    if (newest?.raised !== undefined) setWords(`Alert: ${newest.raised.reason}`);
  }, [active.map((story) => story.alertId).join(' ')]);
  return (
    <p class="for-ears" aria-live="polite" data-testid="announcer">
      {words}
    </p>
  );
}

function factsOf(alert: Alert): string {
  const { fromWindowIndex, toWindowIndex } = alert.evidence;
  const sure = alert.confidence === null ? [] : [`${percent(alert.confidence)} sure`];
  const windows =
    fromWindowIndex === null || toWindowIndex === null ? [] : [`windows ${fromWindowIndex}–${toWindowIndex}`];
  return [alert.queue, shortId(alert.callId), ...sure, ...windows].filter(Boolean).join(' · ');
}

function endOf(raised: Alert | undefined, ended: Alert): string {
  if (raised === undefined) return `Over at ${clockOf(ended.mediaMs)}`;
  return `Over at ${clockOf(ended.mediaMs)}, after ${spanOf(ended.mediaMs - raised.mediaMs)}`;
}

/** `sustained-anger` → `Sustained anger`. */
function ruleWord(rule: string): string {
  const words = rule.replaceAll(/[-_]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
