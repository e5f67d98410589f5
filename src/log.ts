import { escapeControls } from './values/printable.ts';

/** From worst to most talkative. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';
const LEVELS: readonly LogLevel[] = ['error', 'warn', 'info', 'debug'];

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: 'text' | 'json';
  /** one line, without its end */
  readonly write: (line: string) => void;
  readonly now: () => number;
}

/** Leveled lines: an event's name and its facts. Never pass a token, a password, a hash or a whole address. */
export type Log = Readonly<
  Record<LogLevel, (event: string, facts?: Readonly<Record<string, unknown>>) => void>
>;

const SECRET_NAMES = /^(token|password|password2|secret|authorization|cookie|url|encoded|link)$/i;
const TOKEN = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;

/** Redacts by construction: facts with a secret's name, and whatever looks like a token (R87, R88). */
export function createLog({ level, format, write, now }: LogOptions): Log {
  const line =
    (at: LogLevel) =>
    (event: string, facts: Readonly<Record<string, unknown>> = {}) => {
      if (LEVELS.indexOf(at) > LEVELS.indexOf(level)) return;
      const entry = { time: new Date(now()).toISOString(), level: at, event, ...redact(facts) };
      write(format === 'json' ? JSON.stringify(entry) : toText(entry));
    };
  return { error: line('error'), warn: line('warn'), info: line('info'), debug: line('debug') };
}

function redact(facts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, SECRET_NAMES.test(name) ? '[secret]' : redactText(value)]),
  );
}

const redactText = (value: unknown) => (typeof value === 'string' ? value.replace(TOKEN, '[token]') : value);

/** Values are quoted as JSON, so that a line break in one can't begin another entry (R89). */
function toText({ time, level, event, ...facts }: Record<string, unknown>): string {
  const pairs = Object.entries(facts).map(
    ([name, value]) => `${name}=${escapeControls(JSON.stringify(value))}`,
  );
  return [time, String(level).toUpperCase().padEnd(5), event, ...pairs].join(' ');
}

/** What went wrong, without its words, which may hold a secret. */
export const causeOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');

/** susan@example.com → s***@example.com */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? '***' : `${email.slice(0, 1)}***${email.slice(at)}`;
}
