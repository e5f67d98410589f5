import type { Config } from '../../config/config.ts';
import { isLoopback } from '../../values/loopback.ts';
import type { Finding } from './finding.ts';
import { failure, ok, warning } from './finding.ts';
import { programName } from '../../values/program-name.ts';

const PATIENCE_MS = 10_000;

/** Where links point; with `isOnline`, whether reset's pages answer there. */
export async function checkBaseUrl({ baseUrl, link }: Config, isOnline: boolean): Promise<Finding[]> {
  if (baseUrl === undefined) return [];
  if (isOnline && !link.native) return [await visit(baseUrl)];
  if (!isLoopback(new URL(baseUrl).hostname)) return [ok('links_begin', `links begin with ${baseUrl}`)];
  const remedy = 'so that others can open them, set baseUrl to the https address of this service';
  return [warning('links_local', `links begin with ${baseUrl} and open on this machine only`, { remedy })];
}

async function visit(baseUrl: string): Promise<Finding> {
  const url = `${baseUrl}/healthz`;
  const remedy = `start it with: ${programName} serve, and let ${baseUrl} lead there; or correct baseUrl`;
  try {
    const { status } = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });
    return status === 200
      ? ok('pages_answer', `${url} answers`)
      : failure(
          'pages_elsewhere',
          `${url} answers ${status} instead of 200: it does not lead to reset's pages`,
          {
            remedy,
          },
        );
  } catch (error) {
    return failure('pages_away', `${url} does not answer (${reasonOf(error)})`, { remedy });
  }
}

function reasonOf(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: string; message?: string }; name?: string };
  return cause?.code ?? cause?.message ?? name ?? 'unknown';
}
