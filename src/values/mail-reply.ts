/**
 * What stands beside a mail as its answer: a mail server's own line, which begins with a code of three digits, or a
 * sentence of ours (nothing listens, no such host), or the path of a file.
 */
export const isServerReply = (reply: string): boolean => /^[2-5]\d\d(?:[ -]|$)/.test(reply);

/** As a sentence that says who said it. */
export const quoteReply = (reply: string): string =>
  `${isServerReply(reply) ? 'The mail server said: ' : ''}${reply.replace(/\.?$/, '.')}`;

/** After a label, where there is room for a few words only. */
export const labelReply = (reply: string, label = 'mail server'): string =>
  isServerReply(reply) ? `${label}: ${reply}` : reply.startsWith('/') ? `file: ${reply}` : reply;
