import type { App } from '../../app.ts';
import type { Identifier } from '../../create-reset.ts';
import { isResetError } from '../../errors.ts';
import type { Context } from '../command/context.ts';

/**
 * Does something for the user that an operator named. Where nobody has this address or several do, those who may be
 * meant are offered: at a terminal as a choice, elsewhere in the error. `work` must look the user up before anything else.
 */
export async function forUser<T>(
  context: Pick<Context, 'ask' | 'output'>,
  app: App,
  identifier: Identifier,
  work: (identifier: Identifier) => Promise<T>,
): Promise<T> {
  try {
    return await work(identifier);
  } catch (error) {
    if (!isResetError(error) || !OFFERING.has(error.code)) throw error;
    const { choosePerson } = await import('./choose-person.ts');
    return await work(await choosePerson(context, app, identifier, error));
  }
}

const OFFERING: ReadonlySet<string> = new Set(['user_not_found', 'user_ambiguous']);
