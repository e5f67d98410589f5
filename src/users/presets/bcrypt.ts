import { definePreset } from '../preset/preset.ts';

export const bcrypt = definePreset('bcrypt', {
  title: 'any table users with bcrypt hashes (Express, Nest, Prisma, Auth.js with credentials)',
  evidence: 'real hasher: bcryptjs and npm bcrypt, both ways',
  table: 'users',
  columns: { id: 'id', email: 'email', name: 'name', password: 'password' },
  optional: ['name'],
  hashFormat: 'bcrypt',
  access: [
    { kind: 'session', table: 'sessions', where: { userId: '{id}' }, reset: 'steps' },
    { kind: 'session', table: 'Session', where: { userId: '{id}' }, reset: 'steps' },
  ],
  advice: ['Signed session tokens (JWT) stay good until they expire; a new signing secret ends them all.'],
});
