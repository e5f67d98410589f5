import { prefixedBcrypt } from '../kdf/bcrypt.ts';

/** Spring Security's delegating encoder with bcrypt; a bare BCryptPasswordEncoder writes the format `bcrypt`. */
export const springBcrypt = prefixedBcrypt('spring-bcrypt', {
  prefix: '{bcrypt}',
  usual: { cost: 10, prefix: '2a' },
  examples: [
    {
      encoded: '{bcrypt}$2a$10$xECMHPlrdqPmbdoiKvkjReWFXziQPQ7PlyQLOYxAH0t5GID9Om2Ni',
      madeBy: 'Spring Security 7.1 (d449950b36)',
    },
    {
      password: 'password',
      encoded: '{bcrypt}$2a$10$dXJ3SW6G7P50lGmMkkmwe.20cQQubK3.HZWzG3YB1tlRy.fqvM/BG',
      madeBy: 'Spring Security, reference documentation',
    },
  ],
});
