import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSigningKey } from '../../src/config/signing-key.ts';
import { removeFolderSync } from '../helpers/temporary-folder.ts';

const hex = (bytes: Buffer) => `hex:${bytes.toString('hex')}`;
const text = (value: string) => `base64url:${Buffer.from(value).toString('base64url')}`;

/** What people paste from tutorials, alone and stretched to the needed length. */
const FAMOUS = [
  'secret',
  'your-256-bit-secret',
  'changeme',
  'password',
  'jwt_secret',
  'supersecretkey',
  'keyboard cat',
  'you-will-never-guess',
  'django-insecure-key',
  's3cr3t',
  'test',
  'hmac-key',
  'my$ecretK3y',
];

describe('R01: a key is 32 random bytes or more', () => {
  it.each([0, 1, 16, 31])('refuses %i bytes', (length) => {
    expect(() => parseSigningKey(hex(randomBytes(length)))).toThrow(/at least 32 are needed/);
  });

  it.each(FAMOUS)('refuses %s, and the same repeated', (word) => {
    expect(() => parseSigningKey(text(word))).toThrow(/signing key/);
    expect(() => parseSigningKey(text(word.repeat(8).slice(0, 40)))).toThrow(/signing key/);
    expect(() => parseSigningKey(word)).toThrow(/encoding/);
  });

  it.each([
    ['all the same', Buffer.alloc(32, 'a')],
    ['zeros', Buffer.alloc(32)],
    ['two bytes in turn', Buffer.from('abff'.repeat(16), 'hex')],
    ['a PEM file', Buffer.from('-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n')],
    ['a JSON Web Key', Buffer.from('{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ"}\n')],
  ])('refuses %s', (_name, bytes) => {
    expect(() => parseSigningKey(hex(bytes))).toThrow(/signing key/);
  });

  it('accepts random ones, and never echoes a refused one', () => {
    for (let count = 0; count < 2000; count += 1) {
      expect(parseSigningKey(hex(randomBytes(32))).reveal()).toHaveLength(32);
    }
    expect(() => parseSigningKey('hunter2-hunter2')).toThrow(expect.not.stringContaining('hunter2') as Error);
  });
});

describe('R02: the encoding is said, the length counts after decoding', () => {
  const bytes = randomBytes(32);

  it('gives the raw bytes back', () => {
    expect(parseSigningKey(hex(bytes)).reveal()).toEqual(bytes);
    expect(parseSigningKey(`base64url:${bytes.toString('base64url')}`).reveal()).toEqual(bytes);
  });

  it('refuses 32 characters that are 16 bytes', () => {
    expect(() => parseSigningKey(hex(randomBytes(16)))).toThrow(/has 16 bytes/);
  });

  it.each(['hex:0g', `hex:${'a'.repeat(65)}`, 'base64url:a+b/', `base64:${'A'.repeat(44)}`, 'A'.repeat(43)])(
    'refuses %s',
    (value) => {
      expect(() => parseSigningKey(value)).toThrow(/signing key/);
    },
  );

  it('reads a file in either form, or of raw bytes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'reset-key-'));
    const path = join(folder, 'key');
    for (const content of [`${hex(bytes)}\n`, bytes]) {
      writeFileSync(path, content);
      chmodSync(path, 0o600);
      expect(parseSigningKey(`file:${path}`).reveal()).toEqual(bytes);
    }
    removeFolderSync(folder);
  });
});

describe('a key file is the same key, whatever program saved it', () => {
  const bytes = randomBytes(32);
  it.each<[encoding: string, save: (line: string) => Buffer]>([
    ['UTF-8', (line) => Buffer.from(line)],
    ['UTF-8 with a mark', (line) => Buffer.from(`\uFEFF${line}`)],
    ['UTF-16 with a mark', (line) => Buffer.from(`\uFEFF${line}`, 'utf16le')],
    ['UTF-16 without a mark', (line) => Buffer.from(line, 'utf16le')],
    ['UTF-16, big end first', (line) => Buffer.from(`\uFEFF${line}`, 'utf16le').swap16()],
  ])('%s', (_encoding, save) => {
    const folder = mkdtempSync(join(tmpdir(), 'reset-key-'));
    try {
      const path = join(folder, 'key');
      writeFileSync(path, save(`${hex(bytes)}\r\n`), { mode: 0o600 });
      expect(parseSigningKey(`file:${path}`).reveal()).toEqual(bytes);
    } finally {
      removeFolderSync(folder);
    }
  });
});
