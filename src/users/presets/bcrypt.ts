import { definePreset } from '../preset.ts';

export const bcrypt = definePreset('bcrypt', {
  title: 'any table users with bcrypt hashes (Express, Nest, Prisma, Auth.js with credentials)',
  evidence: 'real hasher: bcryptjs and npm bcrypt, both ways',
  table: 'users',
  columns: { id: 'id', email: 'email', name: 'name', password: 'password' },
  optional: ['name'],
  hashFormat: 'bcrypt',
  onReset: [
    { delete: 'sessions', where: { userId: '{id}' }, sessions: true },
    { delete: 'Session', where: { userId: '{id}' }, sessions: true },
  ],
  advice: ['Signed session tokens (JWT) stay good until they expire; a new signing secret ends them all.'],
});
