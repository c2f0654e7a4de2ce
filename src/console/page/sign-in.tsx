import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ApiFailure, api } from './api.js';

/** Asks for the token; the server turns it into a cookie that no script can read. */
export function SignIn({ onSignedIn }: { readonly onSignedIn: () => void }): JSX.Element {
  const [problem, setProblem] = useState<string>();
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    try {
      await api.signIn(String(form.get('token')).trim());
      onSignedIn();
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <form class="sign-in" onSubmit={(event) => void submit(event)} data-testid="sign-in">
      <h2>Sign in</h2>
      <label for="token">Console token</label>
      <input
        id="token"
        name="token"
        type="password"
        autocomplete="current-password"
        required
        aria-describedby="token-help"
        aria-invalid={problem !== undefined}
      />
      <p id="token-help" class="quiet">
        One of the tokens in Undertone's configuration. Whoever set Undertone up can give you one.
      </p>
      {problem !== undefined && (
        <p class="problem" role="alert" data-testid="sign-in-problem">
          {problem}
        </p>
      )}
      <button type="submit" class="button button-strong">
        Sign in
      </button>
    </form>
  );
}

function problemOf(error: unknown): string {
  if (error instanceof ApiFailure && error.status === 401)
    return 'That token is not known here. Check it for a missing character.';
  if (error instanceof ApiFailure) return error.message;
  return 'The server could not be reached. Try again in a moment.';
}
