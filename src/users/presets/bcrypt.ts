import { endedRows } from '../access/entries.ts';
import { definePreset } from '../preset/preset.ts';

export const bcrypt = definePreset('bcrypt', {
  title: 'any table users with bcrypt hashes (Express, Nest, Prisma, Auth.js with credentials)',
  evidence: 'real login: Feathers 5; bcryptjs and npm bcrypt both ways',
  table: 'users',
  columns: { id: 'id', email: 'email', name: 'name', password: 'password' },
  optional: ['name'],
  hashFormat: 'bcrypt',
  access: [
    endedRows('session', 'sessions', { userId: '{id}' }),
    endedRows('session', 'Session', { userId: '{id}' }),
  ],
  advice: ['Signed session tokens (JWT) stay good until they expire; a new signing secret ends them all.'],
});
