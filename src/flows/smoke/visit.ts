import { explainFetch } from '../../values/network-words.ts';
import { expectStep } from './steps.ts';

/** Asks a page without following where it leads; a failure says in a sentence why nobody answered. */
export async function visit(url: string, init: RequestInit): Promise<Response> {
  const { hostname: host, origin: at } = new URL(url);
  try {
    return await fetch(url, { redirect: 'manual', ...init });
  } catch (error) {
    expectStep(false, explainFetch(error, { host, at }));
  }
}
