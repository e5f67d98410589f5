import { explainError } from '../../src/app.ts';
import { isResetError } from '../../src/errors.ts';

/** How a piece of work ended: `fine`, or its error as an operator reads it. */
export interface Ended {
  readonly code: string;
  readonly message: string;
  readonly isUncertain: boolean;
}

/** Waits for the end. Throws whatever is not an error of ours. */
export async function ending(work: Promise<unknown>): Promise<Ended> {
  try {
    await work;
    return { code: 'fine', message: '', isUncertain: false };
  } catch (error) {
    const explained = explainError(error);
    if (!isResetError(explained)) throw error;
    const { code, message, details } = explained;
    return { code, message, isUncertain: details['isUncertain'] === true };
  }
}
