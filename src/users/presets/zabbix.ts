import { definePreset } from '../preset/preset.ts';

export const zabbix = definePreset('zabbix', {
  title: 'Zabbix 5.4 and later, users with an address in their media of the type E-mail',
  evidence: 'real login: Zabbix 6.0 on PostgreSQL',
  table: 'users',
  // https://github.com/zabbix/zabbix, src/libs/zbxdbupgrade/dbupgrade_5030.c: username was alias before 5.4
  columns: {
    id: 'userid',
    email: 'sendto',
    name: 'name',
    username: 'username',
    password: 'passwd',
    locale: 'lang',
  },
  optional: ['name', 'attempt_failed', 'lang'],
  // the media type that data.tmpl calls Email; 4, Email (HTML), goes to the same people
  emailIn: { table: 'media', local: 'userid', foreign: 'userid', where: { mediatypeid: 1 } },
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2y', cost: 10 },
  onReset: [
    { set: { attempt_failed: 0 } },
    { delete: 'sessions', where: { userid: '{id}' }, sessions: true },
  ],
  advice: ['API tokens stay good. Users of a disabled group cannot sign in, whatever their password.'],
  // 4.0 has alias instead of username, and a hash of 32 characters
  marks: [{ columns: ['attempt_clock', 'autologout', 'username'], tables: ['usrgrp'] }],
});
