import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeCertificates } from './certificates.js';

const HOUR_MS = 3_600_000;

test('certificates of tests are vouched for, and good for a process whose clock is an hour behind', () => {
  const folder = mkdtempSync(join(tmpdir(), 'undertone-certificates-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const made = makeCertificates(folder);
  const read = (file: string) => new X509Certificate(readFileSync(file));
  const authority = read(made.caFile);
  expect(authority.ca).toBe(true);
  for (const certificate of [authority, read(made.certFile), read(made.clientCertFile)]) {
    expect(certificate.verify(authority.publicKey)).toBe(true);
    expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now() - HOUR_MS);
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now() + HOUR_MS);
  }
  expect(read(made.certFile).checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(read(made.clientCertFile).subject).toBe('CN=client');
});
