import type { App } from '../../app.ts';
import { countAudit } from '../../audit/read-audit.ts';
import { programName } from '../../values/program-name.ts';
import type { Finding } from './finding.ts';
import { warning } from './finding.ts';

const DAY_MS = 86_400_000;

/** Was there a flood of typed addresses within a day, so that people who asked for a mail got none? */
export async function checkRequests(app: App): Promise<Finding[]> {
  const since = app.clock.now() - DAY_MS;
  const floods = await countAudit(app.ledger, { event: 'request_throttled', result: 'queue_full', since });
  if (floods === 0) return [];
  const message =
    'More addresses were typed within a day than could be looked up, so some of them were dropped and got no mail';
  return [
    warning('addresses_dropped', message, {
      remedy: `limit the request page in the proxy in front (see: ${programName} help listener), and look at: ${programName} audit --since 1d`,
    }),
  ];
}
