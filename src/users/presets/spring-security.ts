import { endedRows } from '../access/entries.ts';
import { definePreset } from '../preset/preset.ts';

export const springSecurity = definePreset('spring-security', {
  title: 'Spring Security (JdbcDaoImpl); its schema has no e-mail: add a column, or set users.email',
  evidence: 'real hasher: Spring Security 7.1 on JDK 25, both ways',
  table: 'users',
  columns: { id: 'username', email: 'email', name: 'username', username: 'username', password: 'password' },
  activeWhen: { enabled: true },
  hashFormat: 'spring-bcrypt',
  hashParameters: { prefix: '2a', cost: 10 },
  // https://github.com/spring-projects/spring-security, web/src/main: resources/org/springframework/security/
  // user-credentials-schema.sql@ed19e4a and user-entities-schema.sql@fd267df, java/…/webauthn/management/
  // JdbcPublicKeyCredentialUserEntityRepository.java@895a03e (name is the user name), java/…/rememberme/
  // JdbcTokenRepositoryImpl.java@052537c (last_used changes with each use); Spring Session's schema of JDBC
  access: [
    {
      kind: 'passkey',
      table: 'user_credentials',
      where: { user_entity_user_id: { in: 'user_entities', column: 'id', where: { name: '{username}' } } },
      since: 'created',
    },
    endedRows(
      'session',
      'SPRING_SESSION',
      { PRINCIPAL_NAME: '{username}' },
      { since: { column: 'CREATION_TIME', as: 'ms' } },
    ),
    endedRows('remember-me', 'persistent_logins', { username: '{username}' }),
  ],
  advice: ['Sessions in the memory of the server stay good until it restarts.'],
  marks: [{ tables: ['authorities'] }, { tables: ['persistent_logins'] }, { tables: ['SPRING_SESSION'] }],
});
