import { handleTypedAddress } from '../../dist/flows/visitors/handle-typed-address.js';
import { median } from './measure.js';
import { openPlayground } from './playground.js';
import { rankTest } from './rank-test.js';
import { withControl } from './with-control.js';

export const title = 'R45: difference between known and unknown addresses on the request page, medians in ms';
export const limit = { most: 5 };

const PAIRS = 500;
const SURE = 0.01;

export async function measure() {
  // Every request comes from a network of its own, so that none is stopped for coming too often.
  const server = { trustProxy: ['127.0.0.1'] };
  const mail = { url: 'smtp://127.0.0.1:1', from: 'bench@example.com' };
  const playground = await openPlayground({ mail, server });
  await addUsers(playground, 'known', PAIRS);
  await addUsers(playground, 'control', PAIRS);
  const stop = await playground.serve();
  const real = await askInTurns(playground.baseUrl, 'known');
  await stop();
  const control = await withControl(workFirst(playground.app), (url) => askInTurns(url, 'control'));
  await playground.close();

  const [p, controlP] = [real, control].map(({ known, unknown }) => rankTest(known, unknown));
  console.log(
    `  ${2 * PAIRS} requests: p = ${p.toFixed(3)}; a listener that looks up first: p = ${controlP.toExponential(1)}`,
  );
  if (p <= SURE) throw new Error(`the two can be told apart: p = ${p.toFixed(4)}`);
  if (controlP > SURE)
    throw new Error(`the test does not catch a listener that looks up first: p = ${controlP}`);
  return Math.abs(median(real.known) - median(real.unknown));
}

async function addUsers({ app }, name, count) {
  const rows = Array.from({ length: count }, (_, index) => ({ email: `${name}${index}@example.com` }));
  await app.usersDb.batchInsert('users', rows, 100);
}

/** One of each, the order changing, every address once. */
async function askInTurns(url, knownName) {
  const times = { known: [], unknown: [] };
  for (let pair = 0; pair < PAIRS; pair += 1) {
    for (const who of pair % 2 === 0 ? ['known', 'unknown'] : ['unknown', 'known']) {
      const email = `${who === 'known' ? knownName : 'nobody'}${pair}@example.com`;
      const visitor = `10.${who === 'known' ? 1 : 2}.${pair >> 8}.${pair & 255}`;
      const start = performance.now();
      const { status } = await fetch(`${url}/reset_password_request`, {
        method: 'POST',
        body: new URLSearchParams({ email }),
        headers: { 'x-forwarded-for': visitor },
        redirect: 'manual',
      });
      times[who].push(performance.now() - start);
      if (status !== 303) throw new Error(`status ${status}`);
    }
  }
  return times;
}

/** The same work, done before the answer. */
const workFirst = (app) => async (form, response) => {
  const log = { info() {}, warn() {}, error() {}, debug() {} };
  const typed = { email: form.get('email'), ip: 'local', requestId: 'control' };
  await handleTypedAddress({ ...app, log }, typed);
  response.writeHead(303, { location: '/sent' }).end();
};
