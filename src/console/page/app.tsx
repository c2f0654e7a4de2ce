import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { LiveCall } from '../live-state.js';
import { Alerts } from './alerts.js';
import { api } from './api.js';
import { CallDetail } from './call-detail.js';
import { CallList } from './call-list.js';
import type { Connection } from './connection.js';
import { ConnectionPill } from './connection-pill.js';
import { Empty } from './empty.js';
import { count } from './format.js';
import { useSelectedCall, useStore } from './hooks.js';
import markUrl from './mark.svg';
import { MicrophoneButton } from './microphone.js';
import { SignIn } from './sign-in.js';
import type { Store } from './store.js';

export interface AppProps {
  readonly store: Store;
  readonly connection: Connection;
}

/** The whole page. */
export function App({ store, connection }: AppProps): JSX.Element {
  useStore(store);
  const [chosenId, choose] = useSelectedCall();
  const select = (callId: string): void => {
    choose(callId);
    requestAnimationFrame(showDetailOnNarrowScreen);
  };
  const isSignedOut = store.connection === 'signed-out';
  return (
    <div class="page" data-testid="page">
      <Header store={store} connection={connection} onCall={select} />
      {isSignedOut ? (
        <main class="only">
          <SignIn onSignedIn={() => void connection.open()} />
        </main>
      ) : (
        <Board store={store} connection={connection} chosenId={chosenId} onSelect={select} />
      )}
      <footer class="honesty">
        A suggestion to a person, never a finding: the model learned from acted speech and is often wrong
        about real voices. Its model card says how often. Judge the call, not the caller.
      </footer>
    </div>
  );
}

function Board(
  props: AppProps & {
    readonly chosenId: string | undefined;
    readonly onSelect: (callId: string) => void;
  },
): JSX.Element {
  const { store, connection, chosenId, onSelect } = props;
  const calls = store.live.calls();
  const alerts = store.live.alerts();
  const selected = useSteadyChoice(store, chosenId);
  useEffect(() => {
    if (selected !== undefined) void connection.readCall(selected.callId).catch(() => {});
  }, [selected?.callId, store.connection]);
  if (calls.length === 0) {
    return (
      <main class="only">
        {store.connection === 'live' && <Empty microphoneFeed={store.microphoneFeed} />}
      </main>
    );
  }
  return (
    <main class="board">
      <CallList calls={calls} alerts={alerts} selectedId={selected?.callId} onSelect={onSelect} />
      {selected !== undefined && <CallDetail key={selected.callId} call={selected} alerts={alerts} />}
      <Alerts alerts={alerts} selectedId={selected?.callId} onSelect={onSelect} />
    </main>
  );
}

/** Where the parts stand below each other, the chosen call would open out of sight. */
function showDetailOnNarrowScreen(): void {
  if (window.matchMedia('(max-width: 760px)').matches) document.querySelector('.detail')?.scrollIntoView();
}

/** The chosen call; or else one that stays the same while others come and go, until it ends and another is live. */
function useSteadyChoice(store: Store, chosenId: string | undefined): LiveCall | undefined {
  const steadyId = useRef<string | undefined>(undefined);
  const [first] = store.live.calls();
  const chosen = chosenId === undefined ? undefined : store.live.call(chosenId);
  const steady = steadyId.current === undefined ? undefined : store.live.call(steadyId.current);
  const isSteadyBest = steady?.summary?.state !== 'ended' || first?.summary?.state === 'ended';
  const selected = chosen ?? (isSteadyBest ? steady : undefined) ?? first;
  steadyId.current = selected?.callId;
  return selected;
}

function Header(props: AppProps & { readonly onCall: (callId: string) => void }): JSX.Element {
  const { store, connection, onCall } = props;
  const live = store.live.calls().filter((call) => call.summary?.state !== 'ended').length;
  const active = store.live.alerts().filter((story) => story.ended === undefined).length;
  const isSignedIn = store.connection !== 'signed-out';
  const signOut = async (): Promise<void> => {
    await api.signOut();
    connection.close();
    store.clear();
    store.setConnection('signed-out');
  };
  return (
    <header class="top">
      <h1 class="brand">
        <img src={markUrl} alt="" width="26" height="26" />
        Undertone
      </h1>
      {isSignedIn && (
        <p class="top-counts" data-testid="counts">
          {count(live, 'live call')} · {count(active, 'active alert')}
        </p>
      )}
      <ConnectionPill state={store.connection} />
      {isSignedIn && store.microphoneFeed !== null && (
        <MicrophoneButton feed={store.microphoneFeed} onCall={onCall} />
      )}
      {isSignedIn && store.tokenRequired && (
        <button type="button" class="button" onClick={() => void signOut()}>
          Sign out
        </button>
      )}
    </header>
  );
}
