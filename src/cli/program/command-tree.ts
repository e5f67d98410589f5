import { access, require } from '../access/declare.ts';
import { batch, cleanup, send } from '../batch/declare.ts';
import { bounces } from '../bounces/declare.ts';
import type { Declaration } from '../command/define-command.ts';
import { demo } from '../demo/declare.ts';
import { audit, status } from '../history/declare.ts';
import { apply, code, link, resend, revoke, verify } from '../links/declare.ts';
import { completion, help } from '../manual/declare.ts';
import { preview } from '../preview/declare.ts';
import { serve, worker } from '../services/declare.ts';
import { doctor, init, keygen, migrate, presets } from '../setup/declare.ts';
import { smoke } from '../smoke/declare.ts';
import { hashes, user } from '../users/declare.ts';

/** Every command, in the groups and the order in which help shows them. */
export const COMMANDS: Readonly<Record<string, readonly Declaration[]>> = {
  'One person': [send, resend, link, code, status, revoke, verify, apply, access, require, user],
  'Many people': [batch, audit, cleanup],
  'Pages and mail': [serve, worker, bounces, preview, demo],
  'Setup and checks': [init, doctor, smoke, migrate, keygen, presets, hashes, completion, help],
};
