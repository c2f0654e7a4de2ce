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

const DAY_MS = 86_400_000;
/** Already good yesterday, for processes whose clock is set back. */
const GOOD_FROM_MS = -DAY_MS;
const GOOD_UNTIL_MS = 2 * DAY_MS;

/** Makes them with OpenSSL. The server is 127.0.0.1 and localhost, the client `CN=client`. */
export function makeCertificates(folder: string): Certificates {
  const authority = new Authority(folder);
  const server = authority.certify('server', 'localhost', 'subjectAltName=IP:127.0.0.1,DNS:localhost');
  const client = authority.certify('client', 'client');
  return {
    caFile: authority.certFile,
    ...server,
    clientCertFile: client.certFile,
    clientKeyFile: client.keyFile,
  };
}

/** `openssl ca`: OpenSSL before 3.4 lets nothing else say from when on a certificate is good. */
class Authority {
  readonly certFile: string;
  readonly #folder: string;
  readonly #config: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.#config = this.#at('ca.conf');
    writeFileSync(this.#at('issued'), '');
    const options = [
      `database=${this.#at('issued')}`,
      `new_certs_dir=${folder}`,
      'unique_subject=no',
      'rand_serial=yes',
      'default_md=sha256',
      'policy=named',
      'copy_extensions=copyall',
    ];
    const config = ['[ca]', 'default_ca=test', '[test]', ...options, '[named]', 'commonName=supplied', ''];
    writeFileSync(this.#config, config.join('\n'));
    ({ certFile: this.certFile } = this.#sign(
      'ca',
      'Test CA',
      ['basicConstraints=critical,CA:TRUE'],
      '-selfsign',
    ));
  }

  /** Files of a key and of its certificate for the `commonName`. */
  certify(name: string, commonName: string, ...extensions: readonly string[]) {
    return this.#sign(name, commonName, extensions, '-cert', this.certFile);
  }

  #sign(name: string, commonName: string, extensions: readonly string[], ...signer: readonly string[]) {
    const [keyFile, request, certFile] = [
      this.#at(`${name}.key`),
      this.#at(`${name}.csr`),
      this.#at(`${name}.crt`),
    ];
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile];
    const added = extensions.flatMap((extension) => ['-addext', extension]);
    openssl('req', '-new', ...key, '-subj', `/CN=${commonName}`, ...added, '-out', request);
    const good = ['-startdate', fromNow(GOOD_FROM_MS), '-enddate', fromNow(GOOD_UNTIL_MS)];
    const by = ['-keyfile', this.#at('ca.key'), ...signer];
    openssl(
      'ca',
      '-batch',
      '-notext',
      '-config',
      this.#config,
      ...by,
      ...good,
      '-in',
      request,
      '-out',
      certFile,
    );
    return { keyFile, certFile };
  }

  #at(name: string): string {
    return join(this.#folder, name);
  }
}

/** As `openssl ca` wants a time: `20260101000000Z`. */
function fromNow(ms: number): string {
  return new Date(Date.now() + ms).toISOString().replace(/[-:T]|\.\d+/g, '');
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
