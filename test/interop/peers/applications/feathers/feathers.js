// Feathers with its local authentication on PostgreSQL, as its generator sets it up: node feathers.js PORT DATABASE,
// the user in PEER_*.

import authentication from '@feathersjs/authentication';
import local from '@feathersjs/authentication-local';
import express from '@feathersjs/express';
import { feathers } from '@feathersjs/feathers';
import { KnexService } from '@feathersjs/knex';
import createKnex from 'knex';

const { AuthenticationService, JWTStrategy, authenticate } = authentication;
const { LocalStrategy, hooks } = local;
const [port, database] = process.argv.slice(2);
const { PEER_SECRET, PEER_EMAIL, PEER_PASSWORD } = process.env;

const db = createKnex({ client: 'pg', connection: database });
await db.schema.createTable('users', (table) => {
  table.increments('id');
  table.string('email').unique();
  table.string('password');
});

const app = express(feathers());
app.use(express.json());
app.configure(express.rest());
app.set('authentication', {
  entity: 'user',
  service: 'users',
  secret: PEER_SECRET,
  authStrategies: ['jwt', 'local'],
  jwtOptions: { audience: 'https://example.com', algorithm: 'HS256', expiresIn: '1d' },
  local: { usernameField: 'email', passwordField: 'password' },
});
const service = new AuthenticationService(app);
service.register('jwt', new JWTStrategy());
service.register('local', new LocalStrategy());
app.use('authentication', service);
app.use('users', new KnexService({ Model: db, name: 'users' }));
app.service('users').hooks({
  before: { all: [], get: [authenticate('jwt')], create: [hooks.hashPassword('password')] },
  after: { all: [hooks.protect('password')] },
});
app.use(express.errorHandler({ logger: false }));

await app.service('users').create({ email: PEER_EMAIL, password: PEER_PASSWORD });
await app.listen(Number(port), '127.0.0.1');
