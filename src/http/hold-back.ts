import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Much longer than it takes to look a code up, and short enough for a person. */
const STEP_MS = 600;
const PAUSE_MS = 200;

/**
 * A hook for answers whose timing must not reveal what was found (R99): they leave when a whole number of steps has passed
 * since the request came.
 */
export async function holdBack(
  _request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  const leavesAt = Math.max(1, Math.ceil(reply.elapsedTime / STEP_MS)) * STEP_MS;
  // A timer counts from the beginning of its turn: after long work in the same turn it is early.
  while (reply.elapsedTime < leavesAt) await sleep(Math.ceil(leavesAt - reply.elapsedTime));
  return payload;
}

/** Work is done at a moment of its own, so that its length can't be read from requests beside it either. */
export const pauseAtRandom = (): Promise<void> => sleep(randomInt(PAUSE_MS));
