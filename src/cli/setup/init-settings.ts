import { processEnvironment } from '../../config/environment.ts';
import { inspectConfig, waysToSet } from '../../config/load.ts';
import { refuseConfig } from '../../config/problem.ts';
import { KEYS, type ConfigKey, type KeyName } from '../../config/schema.ts';
import { isResetError, ResetError } from '../../errors.ts';
import type { Context } from '../command/context.ts';

/** The answers of `init`: flags first, then the environment, then what is asked, then what is proposed. */
export interface Settings {
  /** Make sure there is a value for this key. Throws usage_invalid if there is none and nobody can be asked. */
  settle(key: KeyName, question: string, proposal?: string): Promise<void>;
  /** Take this as the answer: it was chosen from a list. */
  choose(key: KeyName, value: string): void;
  /** Ask again, whatever was said before. */
  forget(key: KeyName): void;
  isInEnvironment(key: KeyName): boolean;
  has(key: KeyName): boolean;
  /** what goes into the file: nothing that the environment says */
  toWrite(key: KeyName): string | undefined;
  /** What is known of the users, for whatever is opened from now on. */
  take(users: Readonly<Record<string, unknown>>): void;
  /** everything so far but the key, for `loadConfig` */
  flags(): Readonly<Partial<Record<KeyName, unknown>>>;
  /** of the base URL, for proposals */
  host(): string;
}

/**
 * `isAsking`: a person is there to answer. Otherwise proposals are accepted as they are. Throws config_invalid for
 * what is wrong.
 */
export async function createSettings({ flags, ask, output }: Context, isAsking: boolean): Promise<Settings> {
  const place = { env: processEnvironment(), cwd: process.cwd(), file: null };
  const around = await inspectConfig(place);
  const given = withoutKey(flags);
  const { problems } = await inspectConfig({ ...place, flags: given });
  const wrong = problems.filter(({ key }) => !isAsking || key in given); // the rest is asked for
  if (wrong.length > 0) throw refuseConfig(wrong);
  const values = new Map<KeyName, string>();
  const forgotten = new Set<KeyName>();
  let taken: Readonly<Record<string, unknown>> = {};
  for (const [key, value] of Object.entries(flags) as [KeyName, unknown][]) {
    if (typeof value === 'string') values.set(key, value);
  }
  const isInEnvironment = (key: KeyName) =>
    !values.has(key) && !forgotten.has(key) && around.config.sources.has(key);

  async function askFor(key: KeyName, question: string, proposal?: string): Promise<string> {
    for (let proposed = proposal; ;) {
      const answer = (await ask.text(question, proposed)).trim();
      try {
        return check(key, answer);
      } catch (error) {
        if (!isResetError(error) || error.code !== 'config_invalid') throw error;
        output.warn(error.message);
        if (key === 'baseUrl' && /^[\w-]+(\.[\w-]+)+(:\d+)?(\/|$)/.test(answer))
          proposed = `https://${answer}`;
      }
    }
  }

  return {
    async settle(key, question, proposal) {
      if (values.has(key)) return;
      if (isInEnvironment(key)) {
        output.info(`${key}: from ${around.config.sources.get(key) ?? ''}`);
        return;
      }
      if (isAsking) {
        values.set(key, await askFor(key, question, proposal));
        return;
      }
      if (proposal === undefined)
        throw new ResetError('usage_invalid', `"${key}" is not known. ${waysToSet(key)}`);
      values.set(key, check(key, proposal));
      output.info(`${key}: ${proposal}`);
    },
    choose: (key, value) => {
      values.set(key, check(key, value));
      forgotten.delete(key);
    },
    forget: (key) => {
      values.delete(key);
      forgotten.add(key);
    },
    isInEnvironment,
    has: (key) => values.has(key) || isInEnvironment(key),
    toWrite: (key) => values.get(key),
    take(users) {
      taken = Object.fromEntries(Object.entries(users).map(([key, value]) => [`users.${key}`, value]));
    },
    flags: () => ({ ...withoutKey(Object.fromEntries(values)), ...taken }),
    host: () => {
      const url = values.get('baseUrl') ?? around.config.baseUrl ?? '';
      const hostname = URL.canParse(url) ? new URL(url).hostname : '';
      return /^[a-z].*\.[a-z]+$/i.test(hostname) ? hostname : 'example.com';
    },
  };
}

/** The file that `--secret-file` names is there only when `init` has made it. */
const withoutKey = (flags: Context['flags']): Context['flags'] =>
  Object.fromEntries(Object.entries(flags).filter(([key]) => key !== 'secretFile'));

function check(key: KeyName, value: string): string {
  const spec: ConfigKey<unknown> = KEYS[key];
  spec.parse(value);
  return value;
}
