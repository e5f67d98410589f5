import { Secret } from '../../src/values/secret.ts';
import type { NoticeInput, ResetInput } from '../../src/mail/compose.ts';
import { createMessageId } from '../../src/mail/message-id.ts';
import type { Message } from '../../src/mail/message.ts';
import { openTransport } from '../../src/mail/transport.ts';
import type { Timeouts, Transport } from '../../src/mail/transport-contract.ts';

const base = {
  appName: 'Example Shop',
  baseUrl: 'https://accounts.example.com',
  from: { name: 'Example Shop', address: 'no-reply@example.com' },
  email: 'susan@example.com',
  name: 'Susan',
  locale: 'en',
  timeZone: 'UTC',
  messageId: '<0123456789abcdef@example.com>',
  requestedBy: 'person',
  occasion: 'page',
} as const;

/** The headers of every mail that any program sends, in our order. */
export const usualHeaders = [
  'From',
  'To',
  'Subject',
  'Message-ID',
  'Date',
  'MIME-Version',
  'Content-Type',
] as const;

/** 22 November 2026, 14:00 UTC. */
export const sampleNow = Date.UTC(2026, 10, 22, 14);

/** As long as real tokens are, so that what wraps and encodes is the same. */
export const sampleLink = `https://accounts.example.com/reset_password/${'eyJhbGciOiJIUzI1NiJ9.'.repeat(14)}end`;

export const sampleReset: ResetInput = {
  ...base,
  link: sampleLink,
  issuedAt: sampleNow,
  expiresAt: sampleNow + 3_600_000,
};

export const sampleNotice: NoticeInput = {
  ...base,
  changedAt: sampleNow,
  requestUrl: 'https://accounts.example.com/reset_password_request',
};

/** A message that needs no template. */
export const sampleMessage = (over: Partial<Message> = {}): Message => ({
  to: 'susan@example.com',
  from: { name: 'Example Shop', address: 'no-reply@example.com' },
  subject: 'A subject',
  text: 'Text\n',
  html: '<p>Text</p>',
  messageId: createMessageId('no-reply@example.com'),
  headers: { 'Auto-Submitted': 'auto-generated' },
  ...over,
});

/** Patience for a busy machine, fixed time. */
export const openSample = (
  url: string,
  timeouts: Partial<Timeouts> = {},
  { connections = 2, isBulk = false, openTransport: open = openTransport } = {},
): Transport =>
  open({
    url: new Secret(url),
    connections,
    isBulk,
    clock: { now: () => sampleNow },
    timeouts: { connectMs: 20_000, greetingMs: 20_000, socketMs: 20_000, ...timeouts },
  });
