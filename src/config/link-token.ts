import type { Constant, LinkToken } from '../values/link-token.ts';
import * as parse from './parse.ts';

const TIMES = ['exp', 'iat', 'nbf'] as const;
const FORBIDDEN = ['__proto__', 'constructor', 'prototype'];

const line = (value: unknown): string => {
  if (typeof value !== 'string' || /[\r\n\0]/.test(value)) throw parse.invalid('must be one line of text');
  return value;
};

function times(value: unknown): NonNullable<LinkToken['times']> {
  if (!Array.isArray(value)) throw parse.invalid('must be a list of exp, iat, nbf');
  return value.map(parse.oneOf(...TIMES));
}

function constants(value: unknown): Readonly<Record<string, Constant>> {
  const isPlain = (each: unknown): each is Constant =>
    each === null || ['string', 'number', 'boolean'].includes(typeof each);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw parse.invalid('must be an object of further claims');
  const entries = Object.entries(value);
  if (!entries.every(([name, each]) => isPlain(each) && !FORBIDDEN.includes(name)))
    throw parse.invalid('must hold text, numbers, true, false or null');
  return Object.fromEntries(entries);
}

const PARSERS = {
  form: parse.text,
  claim: line,
  of: parse.text,
  text: parse.flag,
  salt: line,
  algorithm: parse.text,
  times,
  also: constants,
} as const;

/** What `link.token` may be, as JSON Schema. */
export const LINK_TOKEN_JSON = {
  type: 'object',
  additionalProperties: false,
  required: ['form'],
  properties: {
    form: { type: 'string' },
    claim: { type: 'string' },
    of: { type: 'string' },
    text: { type: 'boolean' },
    salt: { type: 'string' },
    algorithm: { type: 'string' },
    times: { type: 'array', items: { enum: [...TIMES] } },
    also: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean', 'null'] } },
  },
} as const;

/** `link.token` of a config file. Throws config_invalid. */
export function parseLinkToken(value: unknown): LinkToken {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !('form' in value))
    throw parse.invalid('must be an object with a "form"');
  const known = Object.keys(PARSERS);
  const strange = Object.keys(value).filter((name) => !known.includes(name));
  if (strange.length > 0) throw parse.invalid(`has ${strange.join(', ')}; known here: ${known.join(', ')}`);
  const read = (name: string, each: unknown): unknown => {
    try {
      return PARSERS[name as keyof typeof PARSERS](each);
    } catch (error) {
      throw parse.invalid(`.${name} ${error instanceof Error ? error.message : ''}`);
    }
  };
  const entries = Object.entries(value).map(([name, each]) => [name, read(name, each)] as const);
  return Object.fromEntries(entries) as unknown as LinkToken;
}
