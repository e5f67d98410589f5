import { describe, expect, it } from 'vitest';
import { defineColumns } from '../../src/passwords/columns.ts';

const columns = defineColumns('example', ['salt', 'algorithm', 'hash']);

describe('defineColumns', () => {
  it('makes one string of several columns and gets them back', () => {
    const values = { salt: '100%$24', algorithm: 'pbkdf2$50000$50', hash: 'ab%24cd' };
    const encoded = String(columns.join(values));
    expect(encoded).toBe('example$100%25%2424$pbkdf2%2450000%2450$ab%2524cd');
    expect(columns.split(encoded)).toEqual(values);
  });

  it('sees no password where a column is empty', () => {
    expect(columns.join({ salt: 'a', algorithm: '', hash: 'b' })).toBeNull();
    expect(columns.join({ salt: 'a', algorithm: 'c', hash: null })).toBeNull();
    expect(columns.join({ salt: 'a', hash: 'b' })).toBeNull();
  });

  it('refuses a string of another format', () => {
    expect(() => columns.split('other$a$b$c')).toThrow(/not readable as example/);
    expect(() => columns.split('example$a$b')).toThrow(/not readable as example/);
  });
});
