import { accepts, formatOf } from './stored-hash.ts';
import type { Step } from './steps.ts';
import { expectStep } from './steps.ts';
import type { Walk } from './walk.ts';

/** The stored hash is one that the application's login will accept. */
export const hashStep = ({ app, canary, formats }: Walk, newPassword: string): Step => ({
  name: 'the stored hash accepts the new password and not the old one',
  class: 'password',
  run: async () => {
    expectStep(await accepts(app, canary.id, newPassword), 'it does not accept the new password');
    expectStep(!(await accepts(app, canary.id, canary.password)), 'it still accepts the old password');
    const format = await formatOf(app, canary.id);
    const isKnown =
      format === canary.formatBefore || (canary.formatBefore === null && formats.accepts(format));
    const had = canary.formatBefore ?? formats.ofPreset ?? [...formats.ofRows.keys()].join(', ');
    expectStep(
      isKnown || formats.ofPreset === format,
      `it is a ${format} hash, and the application has ${had}: it may refuse the login. Check users.hash`,
    );
    return format;
  },
});
