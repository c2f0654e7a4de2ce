import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TlsFiles } from '../../tls-files.js';
import { type Check, type Finding, failed, ok, warning } from './check.js';

const DAY_MS = 86_400_000;
const WARN_DAYS = 30;
const RENEW =
  'Have it renewed and put the new file in its place: new connections take it, with `node-rdkafka` after a restart.';

/** Whether the files are there, are what they should be, belong together, and how long they are good for. */
export function tlsFilesCheck(name: string, files: TlsFiles, nowMs: number): Check {
  return {
    name,
    required: true,
    neededFor: 'encrypted connections',
    run: () => {
      const findings = inspect(files, nowMs);
      const worst =
        findings.find(({ status }) => status === 'failed') ??
        findings.find(({ status }) => status === 'warning') ??
        ok(findings.map(({ detail }) => detail).join('; ') || 'the authorities that the system trusts');
      return worst.status === 'failed' ? { ...worst, code: files.code } : worst;
    },
  };
}

function inspect(files: TlsFiles, nowMs: number): readonly Finding[] {
  const { section, caFile, certFile, keyFile } = files;
  return [
    ...(caFile === null ? [] : certificatesIn(caFile).map((one) => judge(one, `${section}.caFile`, nowMs))),
    ...(certFile === null
      ? []
      : certificatesIn(certFile).map((one) => judge(one, `${section}.certFile`, nowMs))),
    ...(keyFile === null ? [] : [keyFinding(files, keyFile)]),
  ];
}

type Readable = X509Certificate | { readonly problem: string };

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** All of a file, or the one problem with it. */
function certificatesIn(file: string): readonly Readable[] {
  try {
    const texts = readFileSync(file, 'utf8').match(PEM) ?? [];
    if (texts.length === 0) return [{ problem: `${file} holds no certificate` }];
    return texts.map((text) => new X509Certificate(text));
  } catch (error) {
    return [{ problem: `${file} can't be read: ${(error as Error).message}` }];
  }
}

function judge(certificate: Readable, setting: string, nowMs: number): Finding {
  if ('problem' in certificate)
    return failed(certificate.problem, `Correct ${setting}, or the file and who may read it.`);
  const name = `${setting} (${certificate.subject.replaceAll('\n', ', ')})`;
  const endMs = Date.parse(certificate.validTo);
  if (Date.parse(certificate.validFrom) > nowMs)
    return failed(
      `${name} is not valid before ${certificate.validFrom}`,
      'Look at the clock of this machine.',
    );
  const days = Math.floor((endMs - nowMs) / DAY_MS);
  if (endMs < nowMs) return failed(`${name} has expired: ${certificate.validTo}`, RENEW);
  if (days < WARN_DAYS) return warning(`${name} expires in ${days} days: ${certificate.validTo}`, RENEW);
  return ok(`${name} is good for ${days} days`);
}

function keyFinding({ section, certFile, keyPassphrase = null }: TlsFiles, keyFile: string): Finding {
  try {
    const passphrase = keyPassphrase === null ? {} : { passphrase: keyPassphrase };
    const key = createPrivateKey({ key: readFileSync(keyFile), ...passphrase });
    const [certificate] = certFile === null ? [] : certificatesIn(certFile);
    if (!(certificate instanceof X509Certificate)) return ok('the key can be read');
    if (certificate.checkPrivateKey(key)) return ok('the key fits');
    return failed(
      `${section}.keyFile is not the key of ${section}.certFile`,
      'Name the two files that were made together.',
    );
  } catch (error) {
    return failed(
      `${section}.keyFile: ${keyFile} can't be used: ${(error as Error).message}`,
      `Correct ${section}.keyFile (and keyPassphrase), or who may read the file.`,
    );
  }
}
