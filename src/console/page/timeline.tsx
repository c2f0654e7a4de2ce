import type { JSX } from 'preact';
import { type Dispatch, type StateUpdater, useRef, useState } from 'preact/hooks';
import type { Point } from '../../timeline/index.js';
import type { AlertStory } from '../alert-board.js';
import type { LiveCall } from '../live-state.js';
import { AlertLane } from './alert-lane.js';
import type { CallView } from './call-view.js';
import { AffectChart, LoudnessChart } from './charts.js';
import { clockOf } from './format.js';
import { HeatStrip } from './heat-strip.js';
import { Legend } from './legend.js';
import { describe, HoleReadout, Readout } from './readout.js';
import { piecesOf } from './ribbon.js';
import { Ribbon } from './ribbon-view.js';
import { type SpanChoice, SpanPicker, spanOfChoice } from './span-picker.js';
import { LEG_WORDS } from './words.js';

export interface TimelineProps {
  readonly call: LiveCall;
  readonly view: CallView;
  readonly alerts: readonly AlertStory[];
}

/** Everything known of a call over its media time, under one time axis. */
export function Timeline({ call, view, alerts }: TimelineProps): JSX.Element {
  const [choice, setChoice] = useState<SpanChoice>('2 min');
  const [inspectedWindow, inspect] = useState<number>();
  const points = view.track?.points ?? [];
  const inspected = points.find((point) => point.windowIndex === inspectedWindow);
  const { fromMs, toMs } = spanOfChoice(choice, view.durationMs);
  const span = { fromMs, toMs };
  const newest = view.isLive ? 'Now' : 'Last';
  return (
    <section class="timeline" aria-label="Timeline" data-testid="timeline">
      <header class="timeline-head">
        <h3 class="eyebrow">Timeline</h3>
        <SpanPicker choice={choice} onChoose={setChoice} />
      </header>
      {inspected === undefined && view.openHole !== undefined ? (
        <HoleReadout hole={view.openHole} moment={newest} />
      ) : (
        <Readout point={inspected ?? view.latest} moment={inspected === undefined ? newest : 'At'} />
      )}
      <Inspector points={points} {...span} inspected={inspected} onInspect={inspect}>
        <AlertLane alerts={alerts} {...span} nowMs={view.durationMs} />
        {[...call.tracks].map(([leg, track]) => (
          <div class="lane" key={leg}>
            <span class="lane-name">{LEG_WORDS[leg]}</span>
            <Ribbon pieces={piecesOf(track.points, track.holes)} {...span} withWords />
          </div>
        ))}
        <HeatStrip points={points} {...span} />
        <AffectChart points={points} {...span} />
        <LoudnessChart points={points} {...span} />
      </Inspector>
      <Legend />
    </section>
  );
}

interface InspectorProps {
  readonly points: readonly Point[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly inspected: Point | undefined;
  readonly onInspect: Dispatch<StateUpdater<number | undefined>>;
  readonly children: JSX.Element | (JSX.Element | JSX.Element[] | null)[];
}

/** Lets the pointer or the arrow keys choose the window that the readout tells about. */
function Inspector(props: InspectorProps): JSX.Element {
  const { points, fromMs, toMs, inspected, onInspect, children } = props;
  const plane = useRef<HTMLDivElement>(null);
  const onPointerMove = (event: PointerEvent): void => {
    const { left, width } = plane.current!.getBoundingClientRect();
    const ms = fromMs + ((event.clientX - left) / width) * (toMs - fromMs);
    onInspect(nearest(points, ms)?.windowIndex);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined && event.key !== 'Escape') return;
    event.preventDefault();
    onInspect((windowIndex) => (step === undefined ? undefined : stepFrom(windowIndex, step, points)));
  };
  const at = inspected ?? points.at(-1);
  const left = inspected === undefined ? undefined : ((inspected.endMs - fromMs) / (toMs - fromMs)) * 100;
  return (
    <div
      class="lanes"
      role="slider"
      tabIndex={0}
      aria-label="Moment of the call. Arrow keys move, Escape returns to now."
      aria-valuemin={points[0]?.windowIndex ?? 0}
      aria-valuemax={points.at(-1)?.windowIndex ?? 0}
      aria-valuenow={at?.windowIndex ?? 0}
      aria-valuetext={at === undefined ? 'nothing heard yet' : `${clockOf(at.endMs)}, ${describe(at)}`}
      data-testid="inspector"
      onPointerMove={onPointerMove}
      onPointerLeave={() => onInspect(undefined)}
      onKeyDown={onKeyDown}
    >
      {children}
      <div class="plane" ref={plane} aria-hidden="true">
        {left !== undefined && left >= 0 && <i class="hair" style={{ left: `${left}%` }} />}
      </div>
    </div>
  );
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  PageUp: -10,
  PageDown: 10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** The window so many points away from another, or from the newest. */
function stepFrom(
  windowIndex: number | undefined,
  step: number,
  points: readonly Point[],
): number | undefined {
  const at = points.findIndex((point) => point.windowIndex === windowIndex);
  const from = at === -1 ? points.length - 1 : at;
  return points[Math.min(points.length - 1, Math.max(0, from + step))]?.windowIndex;
}

function nearest(points: readonly Point[], ms: number): Point | undefined {
  const after = points.findIndex((point) => point.endMs >= ms);
  return after === -1 ? undefined : points[after];
}
