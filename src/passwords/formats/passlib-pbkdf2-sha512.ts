import { defineFormat } from '../define-format.ts';
import { withPrefix } from '../hash-body.ts';
import { passlibPbkdf2Body } from '../kdf/passlib-pbkdf2.ts';

/** Odoo's own since 17. */
const USUAL_ITERATIONS = 600_000;

/** `$pbkdf2-sha512$N$salt$key` in passlib's base64: Odoo, pbkdf2_elixir, GitLab in FIPS mode. */
export const passlibPbkdf2Sha512 = defineFormat('passlib-pbkdf2-sha512', {
  ...withPrefix('$pbkdf2-sha512$', passlibPbkdf2Body('sha512', USUAL_ITERATIONS)),
  examples: [
    {
      encoded:
        '$pbkdf2-sha512$600000$xjinVCqldA4hRGjt3fv/Hw$1tM/S/DP5rSGK.ACNq6TI8qkvDpipS7wZDxZMNoRh1IQuT36rsiIXTcPELVXawe41B9YFSkzghjgtum7q1Ye7Q',
      madeBy: 'passlib 1.9.3, as Odoo 18 calls it',
    },
    {
      encoded:
        '$pbkdf2-sha512$25000$plSq1bqX8v4fA.D8P2csBQ$yQtFnEBeg2hwl05rk/XOsGtou5c80qX5FbPFulxjvdvgnP9MbFN9T0uxbUtwHHM.UnNxhfFupYaxKuYeUIWBcA',
      madeBy: 'passlib 1.9.3',
    },
    {
      encoded:
        '$pbkdf2-sha512$160000$SekOrgSPBDYfiOwu7pHebw$1OFZG0PxcF0.ymsuaHXzsHkl3n2vEmUpB8Lz1B2C61P9apzjf/byfq7qNcnJrxGI9aU9IEJKKcaoyxkpf3stNw',
      madeBy: 'pbkdf2_elixir 2.3.1',
    },
  ],
});
