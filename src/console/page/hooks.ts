import { useEffect, useState } from 'preact/hooks';
import type { Store } from './store.js';

/** Draws the component again whenever the store says so. */
export function useStore(store: Store): number {
  const [version, setVersion] = useState(store.version);
  useEffect(() => store.subscribe(() => setVersion(store.version)), [store]);
  return version;
}

/** The call named in the address (`#call=…`), so that a view can be sent to a colleague. */
export function useSelectedCall(): [string | undefined, (callId: string) => void] {
  const [callId, setCallId] = useState(selectedInAddress());
  useEffect(() => {
    const read = (): void => setCallId(selectedInAddress());
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, []);
  const select = (id: string): void => {
    history.replaceState(null, '', `#call=${encodeURIComponent(id)}`);
    setCallId(id);
  };
  return [callId, select];
}

function selectedInAddress(): string | undefined {
  const given = new URLSearchParams(location.hash.slice(1)).get('call');
  return given ?? undefined;
}

/** Changes when the colours of the page change, for what is drawn on a canvas. */
export function useColourScheme(): 'light' | 'dark' {
  const query = window.matchMedia('(prefers-color-scheme: dark)');
  const [isDark, setDark] = useState(query.matches);
  useEffect(() => {
    const read = (event: MediaQueryListEvent): void => setDark(event.matches);
    query.addEventListener('change', read);
    return () => query.removeEventListener('change', read);
  }, []);
  return isDark ? 'dark' : 'light';
}
