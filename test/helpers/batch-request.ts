import type { App } from '../../src/app.ts';
import type { BatchRequest } from '../../src/flows/batch/batch-request.ts';

/** What `send --all` asks for. */
export const everybody = (
  { operator }: Pick<App, 'operator'>,
  more: Partial<BatchRequest> = {},
): BatchRequest => ({
  choice: { kind: 'users', where: [] },
  except: [],
  isLocking: false,
  isMailed: true,
  isDryRun: false,
  actor: operator,
  ...more,
});
