import { issueCode } from '../../dist/flows/links/issue-code.js';
import { exchangeCode } from '../../dist/flows/visitors/exchange-code.js';
import { median } from './measure.js';
import { openPlayground } from './playground.js';
import { rankTest } from './rank-test.js';
import { withControl } from './with-control.js';

export const title =
  'R99: differences between answers of the page for codes (unknown, wrong, used up, right), medians in ms';
export const limit = { most: 2 };

const PAIRS = 240;
/** Each answer takes more than half a second, so this many are asked for at a time. */
const AT_A_TIME = 8;
const SURE = 0.01;

export async function measure() {
  // Every code comes from a network of its own, so that none is stopped for coming too often.
  const playground = await openPlayground({ server: { trustProxy: ['127.0.0.1'] } });
  const codes = await issueCodes(playground.app, 5 * PAIRS);
  const take = () => codes.splice(0, PAIRS);
  const stop = await playground.serve();
  const known = take();
  const [spent, right, lone] = [take(), take(), take()];
  await playground.app
    .ledger('reset_tokens')
    .whereIn(
      'user_id',
      spent.map(({ userId }) => userId),
    ) // prettier-ignore
    .update({ code_tries: 5 });
  const differences = {
    'known and unknown address': await askInTurns(playground.baseUrl, known.map(wrong), nobody()),
    'right and used-up code': await askInTurns(playground.baseUrl, right, spent),
    'wrong and used-up code': await askInTurns(playground.baseUrl, lone.map(wrong), spent),
  };
  await stop();
  const control = await withControl(workFirst(playground.app), (url) =>
    askInTurns(url, take().map(wrong), nobody()),
  );
  await playground.close();

  for (const [name, { one, other }] of Object.entries(differences)) {
    const p = rankTest(one, other);
    console.log(
      `  ${name}: p = ${p.toFixed(3)}, medians ${median(one).toFixed(2)} and ${median(other).toFixed(2)} ms`,
    );
    if (p <= SURE) throw new Error(`${name} can be told apart: p = ${p.toFixed(4)}`);
  }
  const controlP = rankTest(control.one, control.other);
  console.log(`  a listener that answers at once: p = ${controlP.toExponential(1)}`);
  if (controlP > SURE)
    throw new Error(`the test does not catch a listener that answers at once: p = ${controlP}`);
  return Math.max(
    ...Object.values(differences).map(({ one, other }) => Math.abs(median(one) - median(other))),
  );
}

async function issueCodes(app, count) {
  const emails = Array.from({ length: count }, (_, index) => `someone${index}@example.com`);
  await app.usersDb.batchInsert('users', emails.map((email) => ({ email })), 100); // prettier-ignore
  const codes = [];
  for (const email of emails)
    codes.push(await issueCode(app, { identifier: { email }, actor: app.operator }));
  return codes;
}

const wrong = ({ email, code }) => ({ email, code: (code.startsWith('A') ? 'B' : 'A') + code.slice(1) });

const nobody = () =>
  Array.from({ length: PAIRS }, (_, index) => ({ email: `nobody0${index}@example.com`, code: '7KQM-2X9T' }));

let visitors = 0;

/** One of each, the order changing, some pairs at a time. */
async function askInTurns(url, ones, others) {
  const times = { one: [], other: [] };
  const ask = async (list, { email, code }) => {
    visitors += 1;
    const start = performance.now();
    const answer = await fetch(`${url}/reset_password_code`, {
      method: 'POST',
      body: new URLSearchParams({ email, code }),
      headers: { 'x-forwarded-for': `10.${visitors >> 16}.${(visitors >> 8) & 255}.${visitors & 255}` },
    });
    list.push(performance.now() - start);
    await answer.text();
    if (answer.status !== 400 && answer.status !== 200) throw new Error(`status ${answer.status}`);
  };
  for (let first = 0; first < PAIRS; first += AT_A_TIME) {
    const pairs = ones.slice(first, first + AT_A_TIME).map((one, index) => {
      const two = [() => ask(times.one, one), () => ask(times.other, others[first + index])];
      return index % 2 === 0 ? two : two.reverse();
    });
    await Promise.all(pairs.flat().map((start) => start()));
  }
  return times;
}

/** The same look at a code, answered at once. */
const workFirst = (app) => async (form, response) => {
  const { email, code } = Object.fromEntries(form);
  const actor = { kind: 'web', name: '192.0.2.1' };
  await exchangeCode(app, { account: email, code }, actor).catch(() => undefined);
  response.writeHead(400).end();
};
