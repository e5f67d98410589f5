// Moves reset's tables as `migrate --move-from` does, and kills itself at the first step that is not in the list:
// node die-while-moving.js FROM TO STEPS, prints the step where it dies.

import { writeSync } from 'node:fs';

const [from, to, steps = '[]'] = process.argv.slice(2);
const built = (module) => import(new URL(`../../dist/${module}.js`, import.meta.url).href);
const { connect } = await built('db/connect');
const { loadConfig } = await built('config/load');
const { moveLedger } = await built('flows/setup/move-ledger');

const survived = JSON.parse(steps);
const app = {
  ledger: await connect(to, { mayCreate: true }),
  clock: { now: () => Date.now() },
  config: await loadConfig({ cwd: null, flags: { database: from, ledger: to } }),
  isApart: true,
};
await moveLedger(app, {
  from,
  step: (done) => {
    if (survived.includes(done)) return;
    writeSync(1, done);
    process.kill(process.pid, 'SIGKILL');
  },
});
await app.ledger.destroy();
