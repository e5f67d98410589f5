// bcryptjs: a question on standard input, {"password": "…"}, answers {"hash": "…"}; with "hash" in it {"accepted": true}.

import { text } from 'node:stream/consumers';
import bcrypt from 'bcryptjs';

const { password, hash } = JSON.parse(await text(process.stdin));
const answer =
  hash === undefined
    ? { hash: await bcrypt.hash(password, 10) }
    : { accepted: await bcrypt.compare(password, hash) };
console.log(JSON.stringify(answer));
