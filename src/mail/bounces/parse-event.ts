import { oneLine } from '../../values/printable.ts';
import { findTags } from '../bounce-address.ts';
import { findMessageIds, verdictOf, type BounceSource, type Reported, type Verdict } from './bounce.ts';

type Json = Readonly<Record<string, unknown>>;

/** One event of a provider → what it reports. The shapes are those of the samples in each provider's documentation. */
export function parseEvent(text: string): Reported {
  const value = parseObject(text);
  if (value === undefined) return { none: 'unreadable' };
  const event = unwrap(value);
  return ses(event) ?? postmark(event) ?? mailgun(event) ?? sendgrid(event) ?? { none: 'other' };
}

function parseObject(text: string): Json | undefined {
  try {
    return object(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const object = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
const string = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
const list = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.map(object).filter((each) => each !== undefined) : [];

/** SES by way of SNS (its Message is JSON in a string) or EventBridge (`detail`). */
function unwrap(value: Json): Json {
  if (value['Type'] === 'Notification') return parseObject(string(value['Message'])) ?? value;
  return value['source'] === 'aws.ses' ? (object(value['detail']) ?? value) : value;
}

interface Facts {
  readonly source: BounceSource;
  readonly verdict: Verdict;
  readonly recipients: readonly string[];
  readonly status: string;
  readonly words: string;
}

const report = ({ source, verdict, recipients, status, words }: Facts, event: Json): Reported => {
  const whole = JSON.stringify(event);
  return {
    source,
    verdict,
    tags: [...findTags(whole), ...ownMetadata(event)],
    messageIds: findMessageIds(whole),
    recipients: recipients.filter((each) => each !== ''),
    status: /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(status)?.[0] ?? null,
    words: oneLine(words, 1000),
  };
};

/** Postmark keeps neither our envelope sender nor our Message-ID: see flows/delivery/return-path.ts. */
const ownMetadata = (event: Json): string[] => {
  const tag = string(object(event['Metadata'])?.['reset']);
  return /^\d{1,15}\.[0-9a-f]{20}$/i.test(tag) ? [tag.toLowerCase()] : [];
};

/** https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html */
function ses(event: Json): Reported | undefined {
  const kind = event['notificationType'] ?? event['eventType'];
  if (kind === undefined || object(event['mail']) === undefined) return undefined;
  const bounce = object(event['bounce']);
  if (kind !== 'Bounce' || bounce === undefined) return { none: 'other' };
  const people = list(bounce['bouncedRecipients']);
  const [first = {}] = people;
  const words = string(first['diagnosticCode']).replace(/^smtp;\s*/, '');
  const facts = {
    source: 'ses' as const,
    // "Transient" may also be somebody's out-of-office note, says the documentation.
    verdict: bounce['bounceType'] === 'Permanent' ? ('hard' as const) : ('temporary' as const),
    recipients: people.map(({ emailAddress }) => string(emailAddress)),
    status: string(first['status']),
    words: words === '' ? `${string(bounce['bounceType'])} (${string(bounce['bounceSubType'])})` : words,
  };
  return report(facts, event);
}

/** https://postmarkapp.com/developer/webhooks/bounce-webhook and its list of bounce types */
function postmark(event: Json): Reported | undefined {
  const { Type: type, TypeCode: code } = event;
  if (typeof type !== 'string' || (code === undefined && event['RecordType'] === undefined)) return undefined;
  const verdict = POSTMARK[type];
  if (verdict === undefined) return { none: type === 'AutoResponder' ? 'auto_reply' : 'other' };
  const facts = {
    source: 'postmark' as const,
    verdict,
    recipients: [string(event['Email'])],
    status: string(event['Details']),
    words: string(event['Details']) || string(event['Description']),
  };
  return report(facts, event);
}

const POSTMARK: Readonly<Record<string, Verdict | undefined>> = {
  HardBounce: 'hard',
  BadEmailAddress: 'hard',
  SoftBounce: 'returned',
  DnsError: 'returned',
  Blocked: 'returned',
  DMARCPolicy: 'returned',
  VirusNotification: 'returned',
  Undeliverable: 'returned',
  Transient: 'temporary',
};

/** https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhook-payloads */
function mailgun(posted: Json): Reported | undefined {
  const event = object(posted['event-data']) ?? posted;
  const status = object(event['delivery-status']) ?? {};
  if (typeof event['event'] !== 'string' || object(event['message']) === undefined) return undefined;
  if (event['event'] !== 'failed') return { none: 'other' };
  const said = [status['message'], status['description'], event['reason']].map(string);
  const words = said.find((text) => text !== '') ?? '';
  const facts = {
    source: 'mailgun' as const,
    verdict: mailgunVerdict(string(event['severity']), string(event['reason']), status),
    recipients: [string(event['recipient'])],
    status: `${string(status['enhanced-code'])} ${words}`,
    words: `${string(status['code'])} ${words}`.trim(),
  };
  return report(facts, event);
}

function mailgunVerdict(severity: string, reason: string, status: Json): Verdict {
  if (severity !== 'permanent') return 'temporary';
  if (reason === 'bounce' || reason === 'suppress-bounce') return 'hard';
  return verdictOf(string(status['enhanced-code']), string(status['message']));
}

/** https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event */
function sendgrid(event: Json): Reported | undefined {
  const kind = event['event'];
  if (typeof kind !== 'string' || (event['sg_event_id'] ?? event['smtp-id']) === undefined) return undefined;
  const verdict = sendgridVerdict(kind, string(event['type']), string(event['reason']));
  if (verdict === undefined) return { none: 'other' };
  const facts = {
    source: 'sendgrid' as const,
    verdict,
    recipients: [string(event['email'])],
    status: string(event['status']),
    words: string(event['reason']) || string(event['response']),
  };
  return report(facts, event);
}

function sendgridVerdict(kind: string, type: string, reason: string): Verdict | undefined {
  if (kind === 'deferred') return 'temporary';
  // Dropped: never handed on, because an earlier mail to this address came back.
  if (kind === 'dropped') return /^(?:bounced address|invalid)/i.test(reason) ? 'hard' : 'returned';
  if (kind !== 'bounce') return undefined;
  return type === 'blocked' ? 'returned' : 'hard';
}
