import { definePreset } from '../preset.ts';

export const springSecurity = definePreset('spring-security', {
  title: 'Spring Security (JdbcDaoImpl); its schema has no e-mail: add a column, or set users.email',
  evidence: 'real hasher: Spring Security 7.1 on JDK 25, both ways',
  table: 'users',
  columns: { id: 'username', email: 'email', name: 'username', username: 'username', password: 'password' },
  activeWhen: { enabled: true },
  hashFormat: 'spring-bcrypt',
  hashParameters: { prefix: '2a', cost: 10 },
  onReset: [
    { delete: 'persistent_logins', where: { username: '{username}' } },
    { delete: 'SPRING_SESSION', where: { PRINCIPAL_NAME: '{username}' }, sessions: true },
  ],
  advice: ['Sessions in the memory of the server stay good until it restarts.'],
  marks: [{ tables: ['authorities'] }, { tables: ['persistent_logins'] }, { tables: ['SPRING_SESSION'] }],
});
