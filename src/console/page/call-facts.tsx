import type { JSX } from 'preact';
import type { CallSummary } from '../../timeline/index.js';
import { count, percent, spanOf } from './format.js';
import { LABELS, LEG_WORDS, labelWord } from './words.js';

/** Who spoke how much. Of the agent there is voice activity only, no emotion. */
export function TalkShare({ summary }: { readonly summary: CallSummary }): JSX.Element {
  const legs = Object.entries(summary.legs) as [
    keyof typeof LEG_WORDS,
    { talkShare: number; voicedMs: number },
  ][];
  return (
    <section class="talk" aria-label="Talk share" data-testid="talk-share">
      <h3 class="eyebrow">Talk share</h3>
      <div class="talk-bar" aria-hidden="true">
        {legs.map(([leg, { talkShare }]) => (
          <span key={leg} class={`talk-${leg}`} style={{ flexGrow: talkShare }} />
        ))}
      </div>
      <dl class="facts">
        {legs.map(([leg, { talkShare, voicedMs }]) => (
          <Fact key={leg} name={LEG_WORDS[leg]} mark={`talk-${leg}`}>
            {percent(talkShare)} · {spanOf(voicedMs)}
          </Fact>
        ))}
        <Fact name="Nobody spoke">{spanOf(summary.silenceMs)}</Fact>
        <Fact name="Both spoke">{spanOf(summary.overlapMs)}</Fact>
        <Fact name="Interruptions">{summary.interruptions}</Fact>
      </dl>
    </section>
  );
}

/** How often each label was heard, of the windows that were judged. */
export function MoodShare({ summary }: { readonly summary: CallSummary }): JSX.Element | null {
  const leg = summary.legs.customer ?? summary.legs.mixed;
  if (leg === undefined) return null;
  const labels = [...LABELS, 'uncertain' as const].filter((label) => (leg.labelShare[label] ?? 0) > 0);
  const shares = labels.map((label) => ({ label, share: leg.labelShare[label] ?? 0 }));
  shares.sort((a, b) => b.share - a.share);
  return (
    <section class="mood" aria-label="Emotion share" data-testid="mood-share">
      <h3 class="eyebrow">Emotion share</h3>
      <div class="talk-bar" aria-hidden="true">
        {shares.map(({ label, share }) => (
          <span key={label} class={`is-${label}`} style={{ flexGrow: share }} />
        ))}
      </div>
      <dl class="facts">
        {shares.map(({ label, share }) => (
          <Fact key={label} name={labelWord(label)} mark={`is-${label}`}>
            {percent(share)}
          </Fact>
        ))}
      </dl>
    </section>
  );
}

/** What was heard, what was not, and by which model. */
export function Heard({ summary }: { readonly summary: CallSummary }): JSX.Element {
  const legs = Object.values(summary.legs);
  const total = (pick: (leg: (typeof legs)[number]) => number): number =>
    legs.reduce((n, leg) => n + pick(leg), 0);
  return (
    <section class="heard" aria-label="What was heard" data-testid="heard">
      <h3 class="eyebrow">What was heard</h3>
      <dl class="facts">
        <Fact name="Judged">
          {count(
            total((leg) => leg.windows),
            'window',
          )}
        </Fact>
        <Fact name="Without speech">
          {count(
            total((leg) => leg.silentWindows),
            'window',
          )}
        </Fact>
        <Fact name="In holes">
          {count(
            total((leg) => leg.missedWindows),
            'window',
          )}
        </Fact>
        <Fact name="Audio lost">{spanOf(total((leg) => leg.lostMs))}</Fact>
        <Fact name="Paused">{spanOf(total((leg) => leg.pausedMs))}</Fact>
        <Fact name="Feed">{summary.feed}</Fact>
        <Fact name="Model">{summary.model}</Fact>
      </dl>
    </section>
  );
}

function Fact(props: {
  readonly name: string;
  readonly mark?: string;
  readonly children: JSX.Element | JSX.Element[] | string | number | (string | number)[];
}): JSX.Element {
  return (
    <div>
      <dt>
        {props.mark !== undefined && <span class={`swatch ${props.mark}`} />}
        {props.name}
      </dt>
      <dd>{props.children}</dd>
    </div>
  );
}
