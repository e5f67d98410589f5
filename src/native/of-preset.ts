import type { Issuer } from './issuer.ts';

/** An issuer of another name, with what the application has of its own. */
type OfPreset = { readonly form: string } & Partial<
  Pick<Issuer, 'source' | 'columns' | 'page' | 'tail' | 'secret' | 'lifeMs' | 'unknown'>
>;

/** Presets whose links are those of another issuer. The rest have one of their own name, or none. */
export const OF_PRESET: Readonly<Record<string, OfPreset>> = {
  gitlab: {
    form: 'devise',
    source: 'gitlab-org/gitlab: config/initializers/8_devise.rb, config/initializers/01_secret_token.rb',
    lifeMs: 172_800_000,
  },
  mastodon: {
    form: 'devise',
    source: 'mastodon/mastodon: config/initializers/devise.rb, config/routes/auth.rb',
    secret: 'SECRET_KEY_BASE',
    page: '/auth/password/edit',
  },
  'rails-auth': { form: 'rails' },
  zulip: {
    form: 'django',
    source: 'zulip/zulip: zproject/urls.py, zerver/forms.py (generate_password_reset_url)',
    page: '/accounts/password/reset',
    // EMAIL_FIELD is Django's own default, which is a dummy where addresses are hidden.
    columns: ['last_login', 'email'],
  },
};
