/** The image's HEALTHCHECK: 0 while `/health/live` says 200. The image has no curl; it asks on the port of UNDERTONE_HTTP_PORT, else 8080. */
const port = process.env.UNDERTONE_HTTP_PORT || '8080';
const answer = await fetch(`http://127.0.0.1:${port}/health/live`).catch((error) => ({ ok: false, error }));
if (!answer.ok) console.error(answer.error?.message ?? (await answer.text()));
process.exitCode = answer.ok ? 0 : 1;
