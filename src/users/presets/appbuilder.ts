import { definePreset } from '../preset/preset.ts';

export const appbuilder = definePreset('appbuilder', {
  title: 'Flask-AppBuilder: Superset, Airflow and others, users of its database',
  evidence: 'real hasher: Werkzeug 2.2 and 3.1, both ways; source of Flask-AppBuilder 5.2 for the rest',
  table: 'ab_user',
  columns: {
    id: 'id',
    email: 'email',
    name: 'first_name',
    username: 'username',
    password: 'password',
    changedAt: 'changed_on',
  },
  optional: ['first_name', 'changed_on', 'fail_login_count'],
  activeWhen: { active: true },
  hashFormat: 'werkzeug-scrypt',
  olderFormats: ['werkzeug-pbkdf2'],
  onReset: [{ set: { fail_login_count: 0 } }],
  advice: ['Flask-Login sessions are signed cookies and stay good; a new SECRET_KEY ends them all.'],
  marks: [{ columns: ['login_count', 'fail_login_count'], tables: ['ab_role'] }],
});
