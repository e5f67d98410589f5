import { randomBytes } from 'node:crypto';
import { domainToASCII } from 'node:url';

/** A new Message-ID under the sender's domain: 128 random bits. The outbox keeps it, so that a repeat has the same. */
export function createMessageId(senderAddress: string): string {
  const domain = domainToASCII(senderAddress.slice(senderAddress.lastIndexOf('@') + 1)) || 'localhost';
  return `<${randomBytes(16).toString('hex')}@${domain}>`;
}
