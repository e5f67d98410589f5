import { describe, expect, it } from 'vitest';
import { chooseFormat } from '../../src/passwords/choose-format.ts';
import type { FormatClues } from '../../src/passwords/choose-format.ts';

const bcrypt = '$2y$12$uW/qTi1DANHfLxTlNvDprOSh9roYweiCBDj5WRKPtnn5bsxTeMvUS';
const bcrypt10 = '$2a$10$D2tzkcpRWi1cFurEl297wuT0lSDePzU7kJxAPpxbsGZzmHb.xn2j.';
const phpass = '$P$B3OpGaIiM24QE8Nr1VtgZ7gFBNfY8D1';
const md5 = '9cc2ae8a1ba7a93da39b46fc1019c481';

async function decide(clues: Partial<FormatClues>) {
  const nothing = { setting: 'auto', row: null, preset: null, newest: () => Promise.resolve([]) };
  const { format, like, because } = await chooseFormat({ ...nothing, ...clues });
  return { format: format.name, like, because };
}

describe('chooseFormat', () => {
  it('R38: writes what the row has, even if the preset would write another', async () => {
    expect(await decide({ row: phpass, preset: 'wordpress-bcrypt' })).toEqual({
      format: 'phpass',
      like: phpass,
      because: 'row',
    });
  });

  it('takes the preset at its word where rows look like another format', async () => {
    expect(await decide({ row: bcrypt, preset: 'symfony-bcrypt' })).toEqual({
      format: 'symfony-bcrypt',
      like: bcrypt,
      because: 'row',
    });
  });

  it('never writes a legacy format again', async () => {
    const expected = { format: 'wordpress-bcrypt', like: undefined, because: 'preset' };
    expect(await decide({ row: md5, preset: 'wordpress-bcrypt' })).toEqual(expected);
  });

  it.each([
    ['has no password yet', null],
    ['has an empty password', ''],
    ['has a legacy hash', md5],
  ])("takes what the newest rows have before the preset's for a user who %s", async (_who, row) => {
    const newest = () => Promise.resolve([phpass, bcrypt, bcrypt10]);
    expect(await decide({ row, preset: 'werkzeug-scrypt', newest })).toMatchObject({
      format: 'bcrypt',
      because: 'table',
    });
    // One row that has it shows that the application reads it.
    expect(await decide({ row, preset: 'phpass', newest })).toMatchObject({
      format: 'phpass',
      because: 'preset',
    });
  });

  it('takes the preset for a user without a password, with the parameters of the newest row', async () => {
    const newest = () => Promise.resolve([null, phpass, bcrypt10, bcrypt]);
    expect(await decide({ preset: 'bcrypt', newest })).toEqual({
      format: 'bcrypt',
      like: bcrypt10,
      because: 'preset',
    });
  });

  it('takes what most of the newest rows have if there is neither a hash nor a preset', async () => {
    const newest = () => Promise.resolve([phpass, bcrypt10, md5, md5, md5, bcrypt]);
    expect(await decide({ newest })).toEqual({
      format: 'bcrypt',
      like: bcrypt10,
      because: 'table',
    });
  });

  it('does as configured, and keeps the parameters of a row in that format', async () => {
    expect(await decide({ setting: 'bcrypt', row: bcrypt10, preset: 'argon2' })).toEqual({
      format: 'bcrypt',
      like: bcrypt10,
      because: 'setting',
    });
    expect(await decide({ setting: 'argon2', row: bcrypt10 })).toMatchObject({
      format: 'argon2',
      like: undefined,
    });
  });

  it.each([
    ['there is nothing to go by', { row: null }],
    ['all rows are legacy', { newest: () => Promise.resolve([md5, md5]) }],
    ['the row has a hash that nobody here reads', { row: '{X-NEW}abc', preset: 'bcrypt' }],
    ['a legacy format is configured', { setting: 'md5' }],
    ['an unknown format is configured', { setting: 'rot13' }],
  ])('asks for the configuration when %s', async (_when, clues) => {
    await expect(decide(clues)).rejects.toMatchObject({ code: 'config_invalid' });
  });
});
