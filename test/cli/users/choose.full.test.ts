import { describe, expect, it } from 'vitest';
import { needs } from '../../helpers/needs.ts';
import { makeSetup, susan } from '../../helpers/run-reset.ts';
import { openTerminal } from '../../helpers/terminal.ts';

const hasTerminal = needs('script');

describe.runIf(hasTerminal)('a choice of people at a terminal', () => {
  it('sends to the person who was meant', async () => {
    const { folder, open } = await makeSetup();
    const terminal = openTerminal(['send', 'susan@exmaple.com'], { cwd: folder });
    await terminal.see(/No user has the address susan@exmaple\.com\./);
    await terminal.see(/Did you mean:[^]*susan@example\.com \(user name susan, id 1\)[^]*none of these/);
    terminal.answer('');
    await terminal.see(/Sent to susan@example\.com\./);
    expect(await terminal.end()).toBe(0);
    expect(await (await open())('reset_outbox')).toHaveLength(1);
  });

  it('sends nothing where none of them was meant', async () => {
    const { folder, open } = await makeSetup();
    const terminal = openTerminal(['send', 'susan@exmaple.com'], { cwd: folder });
    await terminal.see(/none of these/);
    terminal.press('\u001b[B');
    terminal.answer('');
    await terminal.see(/Search: .*user find susan/);
    expect(await terminal.end()).toBe(4);
    expect(await (await open())('reset_outbox')).toHaveLength(0);
  });

  it('asks which of two with one address', async () => {
    const { folder, open } = await makeSetup();
    const db = await open();
    await db('users').insert({ email: 'Susan@example.com', username: 'sue', password_hash: susan.encoded });
    const terminal = openTerminal(['link', susan.email], { cwd: folder });
    await terminal.see(/Two users have the address susan@example\.com\.[^]*Which one\?/);
    await terminal.see(/user name susan, id 1[^]*user name sue, id 2/);
    terminal.press('\u001b[B');
    terminal.answer('');
    await terminal.see(/For Susan@example\.com \(user 2\)/);
    expect(await terminal.end()).toBe(0);
  });
});
