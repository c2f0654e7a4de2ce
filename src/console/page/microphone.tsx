import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Microphone, openMicrophone } from './mic-capture.js';

type State =
  | { readonly is: 'idle'; readonly problem?: string }
  | { readonly is: 'opening' }
  | { readonly is: 'live'; readonly microphone: Microphone };

const FLOOR_DBFS = -60;
/** How much the meter falls with each chunk, 20 dB a second: slow enough for the eye. */
const FALL_DB = 0.8;

/** "Listen to my microphone": the browser's microphone as a call like any other. */
export function MicrophoneButton(props: {
  readonly feed: string;
  readonly onCall: (callId: string) => void;
}): JSX.Element {
  const [state, setState] = useState<State>({ is: 'idle' });
  const [levelDbfs, setLevel] = useState(FLOOR_DBFS);
  const current = useRef<Microphone>();
  useEffect(() => () => current.current?.stop(), []);
  const start = async (): Promise<void> => {
    setState({ is: 'opening' });
    try {
      const onEnd = (problem: string): void => setState({ is: 'idle', problem });
      const onLevel = (dbfs: number): void => setLevel((shown) => Math.max(dbfs, shown - FALL_DB));
      const microphone = await openMicrophone(feedUrl(props.feed), { onLevel, onEnd });
      current.current = microphone;
      setState({ is: 'live', microphone });
      props.onCall(microphone.callId);
    } catch (error) {
      setState({ is: 'idle', problem: error instanceof Error ? error.message : String(error) });
    }
  };
  const stop = (): void => {
    current.current?.stop();
    setState({ is: 'idle' });
  };
  const isLive = state.is === 'live';
  return (
    <div class="microphone" data-testid="microphone" data-state={state.is}>
      {isLive && <Level levelDbfs={levelDbfs} />}
      <button
        type="button"
        class={`button ${isLive ? 'button-stop' : ''}`}
        disabled={state.is === 'opening'}
        title="What you say is judged for emotion as it is heard and is not stored."
        onClick={() => (isLive ? stop() : void start())}
      >
        {isLive ? 'Stop listening' : state.is === 'opening' ? 'Opening…' : 'Listen to my microphone'}
      </button>
      {state.is === 'idle' && state.problem !== undefined && (
        <p class="problem microphone-problem" role="alert" data-testid="microphone-problem">
          {state.problem}
        </p>
      )}
    </div>
  );
}

function Level({ levelDbfs }: { readonly levelDbfs: number }): JSX.Element {
  const value = Math.round(Math.max(FLOOR_DBFS, levelDbfs));
  return (
    <meter
      class="level"
      min={FLOOR_DBFS}
      max={0}
      value={value}
      aria-label="Microphone level, dB"
      data-testid="microphone-level"
    />
  );
}

function feedUrl(path: string): string {
  const url = new URL(path, location.href);
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}
