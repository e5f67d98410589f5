import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { readCertificateFile } from '../config/certificate-file.ts';
import { processEnvironment } from '../config/environment.ts';
import { ResetError } from '../errors.ts';
import { decodeText } from '../values/decode-text.ts';

/**
 * Every authority that a mail server may have its certificate from when `?ca=FILE` names one more: those of Node, those
 * of NODE_EXTRA_CA_CERTS, and those of the file, PEM or DER. Throws config_invalid when the file holds none.
 */
export function readAuthorities(file: string): string[] {
  const bytes = readCertificateFile(file, 'the mail URL');
  const own = readPem(bytes) ?? readDer(bytes);
  if (own !== undefined) return [...rootCertificates, ...readExtra(), ...own];
  throw new ResetError(
    'config_invalid',
    `The certificate file ${file} of the mail URL holds no certificate (PEM). Name the file with the certificate of the authority that issued the mail server's certificate.`,
  );
}

const PEM = /-----BEGIN ((?:TRUSTED )?CERTIFICATE)-----[^-]+-----END \1-----/g;

function readPem(bytes: Buffer): string[] | undefined {
  const blocks = decodeText(bytes).match(PEM);
  return blocks?.every((block) => parse(block) !== undefined) ? blocks : undefined;
}

function readDer(bytes: Buffer): string[] | undefined {
  const certificate = parse(bytes);
  return certificate === undefined ? undefined : [certificate.toString()];
}

function parse(text: string | Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(text);
  } catch {
    return undefined;
  }
}

/** Node itself leaves them out as soon as a list is given; that it can't read the file is Node's to say. */
function readExtra(): string[] {
  const file = processEnvironment()['NODE_EXTRA_CA_CERTS'];
  if (!file) return [];
  try {
    return readPem(readFileSync(file)) ?? [];
  } catch {
    return [];
  }
}
