import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** PEM files of a certificate authority made for the occasion, and of a server and a client that it vouches for. */
export interface Certificates {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly clientCertFile: string;
  readonly clientKeyFile: string;
}

const EC_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];

/** Makes them with OpenSSL. The server is 127.0.0.1 and localhost, the client `CN=client`. */
export function makeCertificates(folder: string): Certificates {
  const at = (name: string): string => join(folder, name);
  const caFile = at('ca.crt');
  const ca = ['-CA', caFile, '-CAkey', at('ca.key')];
  openssl('req', '-x509', ...EC_KEY, '-subj', '/CN=Test CA', '-keyout', at('ca.key'), '-out', caFile);
  const names = ['-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  const [keyFile, certFile] = [at('server.key'), at('server.crt')];
  openssl(
    'req',
    '-x509',
    ...EC_KEY,
    ...ca,
    '-subj',
    '/CN=localhost',
    ...names,
    '-keyout',
    keyFile,
    '-out',
    certFile,
  );
  const [clientKeyFile, clientCertFile] = [at('client.key'), at('client.crt')];
  openssl(
    'req',
    '-x509',
    ...EC_KEY,
    ...ca,
    '-subj',
    '/CN=client',
    '-keyout',
    clientKeyFile,
    '-out',
    clientCertFile,
  );
  return { caFile, certFile, keyFile, clientCertFile, clientKeyFile };
}

/** Puts the files of others in the place of these, each at once. */
export function replaceCertificates(these: Certificates, others: Certificates): void {
  for (const name of Object.keys(these) as (keyof Certificates)[]) {
    copyFileSync(others[name], `${these[name]}.new`);
    renameSync(`${these[name]}.new`, these[name]);
  }
}

/** Key and certificate in one file, as Java's PEM key store wants them. */
export function joinKeyAndCertificate({ keyFile, certFile }: Certificates, file: string): string {
  writeFileSync(file, readFileSync(keyFile, 'utf8') + readFileSync(certFile, 'utf8'));
  return file;
}

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
