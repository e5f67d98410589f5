/** Where a connection was wanted: a host, and `host:port` or a URL without a login. */
export interface Where {
  readonly host: string;
  readonly at: string;
}

type Sentence = (where: Where) => string;

/** What Node, OpenSSL and the libraries say of a connection, and the same as a sentence. */
const SENTENCES: readonly (readonly [RegExp, Sentence])[] = [
  [/ECONNREFUSED/, ({ at }) => `Nothing listens at ${at}.`],
  [/ENOTFOUND|ENODATA/, ({ host }) => `There is no host called ${host}.`],
  [
    /EAI_AGAIN|EAI_FAIL/,
    ({ host }) => `The name ${host} could not be looked up: the name service does not answer.`,
  ],
  [/EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL/, ({ at }) => `This machine has no route to ${at}.`],
  [/CERT_HAS_EXPIRED|certificate has expired/i, ({ at }) => `The certificate of ${at} has expired.`],
  [
    /ALTNAME_INVALID|altnames|does not match certificate/i,
    ({ at, host }) => `The certificate of ${at} is for another name than ${host}.`,
  ],
  [
    /self.signed|unable to verify|unable to get (?:local )?issuer|UNABLE_TO|DEPTH_ZERO/i,
    ({ at }) => `The certificate of ${at} comes from an authority that this machine does not know.`,
  ],
  [
    /wrong version number|packet length too long|record layer failure/i,
    ({ at }) => `${at} does not speak TLS from the first byte.`,
  ],
  [
    /unsupported protocol|protocol version|version too low/i,
    ({ at }) => `${at} speaks only old versions of TLS.`,
  ],
  [/Greeting never received/i, ({ at }) => `${at} did not greet in time.`],
  [/\bbad port\b/i, ({ at }) => `HTTP clients refuse the port of ${at}.`],
  [/HPE_|HTTPParserError|Parse Error/i, ({ at }) => `${at} does not speak HTTP.`],
  [/ETIMEDOUT|TimeoutError|UND_ERR_\w*TIMEOUT|^ESOCKETTIMEDOUT/, ({ at }) => `${at} does not answer.`],
  [
    /ECONNRESET|EPIPE|UND_ERR_SOCKET|hung? up|connection closed|socket close|other side closed|ended by the other party/i,
    ({ at }) => `${at} hung up in the middle of the conversation.`,
  ],
];

/**
 * Why there was no connection, or why it broke off, as a sentence; undefined when the error is about something else.
 */
export function networkWords(error: unknown, where: Where): string | undefined {
  const text = [...causesOf(error)].join(' ');
  return SENTENCES.find(([words]) => words.test(text))?.[1](where);
}

/** The sentence, or what the innermost error says where nobody here knows it. Never a URL: it may hold a login. */
export const explainFetch = (error: unknown, where: Where): string =>
  networkWords(error, where) ?? `${where.at} cannot be reached (${innermost(error)}).`;

const DEEPEST = 5;

function* causesOf(error: unknown): Generator<string> {
  let each = error;
  for (let depth = 0; each instanceof Error && depth < DEEPEST; depth += 1, each = each.cause)
    yield `${each.name} ${'code' in each ? String(each.code) : ''} ${each.message}`;
}

function innermost(error: unknown): string {
  let each = error;
  for (let depth = 0; each instanceof Error && each.cause instanceof Error && depth < DEEPEST; depth += 1)
    each = each.cause;
  return each instanceof Error ? ('code' in each ? String(each.code) : each.name) : 'unknown';
}
