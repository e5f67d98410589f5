import { ResetError } from '../../errors.ts';

/** What databases say of a value that the column's character set cannot hold. */
const UNSTORABLE: readonly unknown[] = ['22P05', 1267, 1270, 1271, 3854];

const isUnstorable = (error: unknown): boolean => {
  if (typeof error !== 'object' || error === null || error instanceof ResetError) return false;
  const { code, errno } = error as { code?: unknown; errno?: unknown };
  return UNSTORABLE.includes(code) || UNSTORABLE.includes(errno);
};

const ASCII = /^[\x20-\x7e]*$/;

/**
 * Asks for all values at once; where the column cannot hold one of them, for the plain ones at once and for each of the
 * others alone. A value that the column cannot hold is nobody's.
 */
export async function askStorable<T>(
  values: readonly string[],
  ask: (values: readonly string[]) => Promise<T[]>,
): Promise<T[]> {
  const orNobody = (error: unknown): T[] => {
    if (isUnstorable(error)) return [];
    throw error;
  };
  try {
    return await ask(values);
  } catch (error) {
    if (!isUnstorable(error)) throw error;
    const plain = values.filter((value) => ASCII.test(value));
    const found = plain.length > 0 ? await ask(plain) : [];
    for (const value of values.filter((each) => !ASCII.test(each))) {
      found.push(...(await ask([value]).catch(orNobody)));
    }
    return found;
  }
}
