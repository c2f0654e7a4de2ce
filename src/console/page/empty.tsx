import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

/** What to do when there is nothing to see. */
export function Empty({ microphoneFeed }: { readonly microphoneFeed: string | null }): JSX.Element {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const path = microphoneFeed ?? '/v1/feeds/generic';
  const command = `npx undertone replay demo/*.wav --feed generic --url ${scheme}://${location.host}${path}`;
  return (
    <section class="empty" data-testid="empty">
      <h2>No calls yet</h2>
      <p>Calls appear here by themselves, as soon as a telephony feed delivers the first second of audio.</p>
      <p>To send one now, from the folder of Undertone:</p>
      <div class="command">
        <code>{command}</code>
        <CopyButton text={command} />
      </div>
      {microphoneFeed !== null && (
        <p class="quiet">Or let it listen to your microphone, by the button at the top.</p>
      )}
    </section>
  );
}

function CopyButton({ text }: { readonly text: string }): JSX.Element {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <button type="button" class="button" onClick={() => void copy()} aria-live="polite">
      {isCopied ? 'Copied' : 'Copy'}
    </button>
  );
}
