import { programName, quoteWord } from './program-name.ts';

/** `Send a new one: reset send --id 3`, after a link that no longer works. */
export const sendHint = (userId: string): string =>
  `Send a new one: ${programName} send --id ${quoteWord(userId)}`;
