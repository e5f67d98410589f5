import { createHmac } from 'node:crypto';
import { sameText } from '../values/bytes-equal.ts';
import { parseJson } from './base64url-json.ts';
import { deriveKey } from './derive-key.ts';
import { isObject } from './payload.ts';

/** Passes of the application's own key generator. */
const PASSES = 1000;

/** A verifier of Rails: its key and the hash of its signatures. */
export interface RailsVerifier {
  readonly key: Buffer;
  readonly hash: 'sha1' | 'sha256';
}

/** `Rails.application.key_generator.generate_key(name)` */
export const railsKey = (secretKeyBase: string, name: string, digest: 'sha1' | 'sha256'): Buffer =>
  deriveKey({ secret: secretKeyBase, name, passes: PASSES, digest });

/** What a message says, under any of its two envelopes. */
export interface RailsMessage {
  readonly data: unknown;
  readonly purpose: string;
  /** seconds; undefined: never */
  readonly expiresAt: number | undefined;
}

const signatureOf = (text: string, { key, hash }: RailsVerifier): string =>
  createHmac(hash, key).update(text).digest('hex');

/** The text and its signature in hexadecimal, as Rails 7.1 and later write it; no letter of it has to be escaped. */
export function writeRails(
  { data, purpose, expiresAt }: Required<RailsMessage>,
  verifier: RailsVerifier,
  isLegacy: boolean,
): string {
  const exp = expiresAt === undefined ? null : new Date(expiresAt * 1000).toISOString();
  const inner = isLegacy ? { message: Buffer.from(JSON.stringify(data)).toString('base64') } : { data };
  const json = JSON.stringify({ _rails: { ...inner, exp, pur: purpose } });
  const text = Buffer.from(json.padEnd(Math.ceil(json.length / 3) * 3)).toString('base64');
  return `${text}--${signatureOf(text, verifier)}`;
}

/** What a message with the right signature says; undefined: it is none. */
export function readRails(token: string, verifier: RailsVerifier | undefined): RailsMessage | undefined {
  const [, text = '', signature = ''] = /^([\w+/=-]+)--([0-9a-f]{40,64})$/.exec(token) ?? [];
  if (text === '' || (verifier && !sameText(signatureOf(text, verifier), signature))) return undefined;
  return openEnvelope(parseJson(Buffer.from(text, 'base64')));
}

function openEnvelope(content: unknown): RailsMessage | undefined {
  const envelope = isObject(content) ? content['_rails'] : undefined;
  if (!isObject(envelope)) return undefined;
  const { data, message, pur, exp } = envelope;
  const expiresAt = typeof exp === 'string' ? Date.parse(exp) / 1000 : undefined;
  const read = typeof message === 'string' ? parseJson(Buffer.from(message, 'base64')) : data;
  return { data: read, purpose: String(pur), expiresAt };
}
