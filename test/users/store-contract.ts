import { beforeEach, expect, it } from 'vitest';
import { Signal } from '../../src/errors.ts';
import type { User } from '../../src/types.ts';
import type { UsersStore } from '../../src/users/store/users-store.ts';
import type { Kept } from '../helpers/memory-users.ts';

/** Takes a transaction back. */
class Undone extends Signal {}

const susan = { email: 'Susan@example.com', username: 'susan', encoded: 'hash of susan', isActive: true };
const mike = { email: 'mike@example.com', username: 'mike', encoded: 'hash of mike', isActive: true };
const tom = { email: 'tom@example.com', username: 'tom', encoded: 'hash of tom', isActive: false };
const twins = ['one', 'two'].map((username) => ({ ...mike, email: 'twins@example.com', username }));
const everybody: readonly Kept[] = [susan, mike, tom, ...twins];

const now = Date.UTC(2026, 10, 29);

/**
 * What flows rely on, whatever keeps the users.
 *
 * @param open makes a store that holds these people, in this order of their ids, and where no rollback fails
 */
export function holdToContract(open: (people: readonly Kept[]) => Promise<UsersStore>): void {
  let store: UsersStore;
  beforeEach(async () => {
    store = await open(everybody);
  });
  const named = async (username: string): Promise<User> => (await store.find({ username }))!;
  const hashOf = async (username: string) => (await named(username)).encoded;
  const write = (user: User, encoded: string) =>
    store.transaction((users) => users.writePassword(user, encoded, now));

  it('finds a user by address in whatever case, by user name and by id', async () => {
    const found = await store.find({ email: 'susan@EXAMPLE.com' });
    expect(found).toMatchObject({ ...susan, refusal: null });
    expect(await named('susan')).toEqual(found);
    expect(await store.find({ id: found!.id })).toEqual(found);
    expect(await store.find({ email: 'nobody@example.com' })).toBeUndefined();
  });

  it('refuses to choose between two who have one address, and names both', async () => {
    const ids = [(await named('one')).id, (await named('two')).id];
    await expect(store.find({ email: 'twins@example.com' })).rejects.toMatchObject({
      code: 'user_ambiguous',
      details: { ids },
    });
  });

  it('looks up many at once: by address as it was given, and by id without those that nobody has', async () => {
    const found = await store.findByEmail(['SUSAN@example.com', 'twins@example.com', 'nobody@example.com']);
    expect([...found].map(([email, users]) => [email, users.map(({ username }) => username)])).toEqual([
      ['SUSAN@example.com', ['susan']],
      ['twins@example.com', ['one', 'two']],
      ['nobody@example.com', []],
    ]);
    const { id } = await named('tom');
    expect([...(await store.get([id, '987654'])).keys()]).toEqual([id]);
    expect(await store.findHidden(['987654'])).toEqual([]);
  });

  it('searches by parts, and offers who may have been meant', async () => {
    const { users, hasMore, isComplete } = await store.search('SUS exam', { limit: 5, budgetMs: 60_000 });
    expect([users.map(({ username }) => username), hasMore, isComplete]).toEqual([['susan'], false, true]);
    const near = await store.findNear({ email: 'susann@example.com' });
    expect(near.map(({ username }) => username)).toEqual(['susan']);
  });

  it('counts and lists everybody once, by id', async () => {
    const listed: unknown[] = [];
    for await (const { username } of store.list()) listed.push(username);
    expect(listed).toEqual(everybody.map(({ username }) => username));
    expect(await store.count()).toBe(everybody.length);
    expect((await store.newestHashes()).sort()).toEqual(everybody.map(({ encoded }) => encoded).sort());
  });

  it('selects in pages, and says of each user what a plan must know', async () => {
    const field = 'username';
    const selection = { except: [{ column: field, value: 'mike' }] };
    const pages = [];
    for await (const page of store.select(selection)) pages.push(...page);
    expect(pages.map(({ email, isActive, isExcepted }) => ({ email, isActive, isExcepted }))).toEqual(
      everybody.map(({ email, username, isActive }) => ({
        email,
        isActive,
        isExcepted: username === 'mike',
      })),
    );
    const { id } = await named('tom');
    const chosen = [];
    for await (const page of store.select({ ids: [id] })) chosen.push(...page.map((user) => user.id));
    expect(chosen).toEqual([id]);
    const unknown = store.select({ where: [{ column: 'shoe_size', value: '42' }] });
    await expect(unknown.next()).rejects.toMatchObject({ code: 'usage_invalid' });
  });

  it('writes a password if nothing changed since the user was read, and otherwise nothing', async () => {
    const read = await named('susan');
    expect(await write(read, 'first')).toBe(true);
    expect(await write(read, 'second')).toBe(false);
    expect([await hashOf('susan'), await hashOf('mike')]).toEqual(['first', mike.encoded]);
  });

  it('lets one of many who write at once win', async () => {
    const read = await named('susan');
    const won = await Promise.all(['a', 'b', 'c', 'd'].map((encoded) => write(read, encoded)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await hashOf('susan')).toBe(['a', 'b', 'c', 'd'][won.indexOf(true)]);
  });

  it('sees its own writes in a transaction, and takes all of them back when it fails', async () => {
    const [read, other] = [await named('susan'), await named('mike')];
    const failed = store.transaction(async (users) => {
      await users.hold(read);
      await users.writePassword(read, 'new', now);
      await users.endWithReset(read, now);
      await users.lock([other], 'locked');
      throw new Undone(
        [...(await users.get([read.id, other.id])).values()].map((user) => user.encoded).join(),
      );
    });
    await expect(failed).rejects.toThrow('new,locked');
    expect([await hashOf('susan'), await hashOf('mike')]).toEqual([susan.encoded, mike.encoded]);
  });

  it('locks many, whatever their hash is by now, and nobody else', async () => {
    const read = [await named('susan'), await named('tom')];
    await write(read[0]!, 'changed since');
    await store.transaction((users) => users.lock(read, 'locked'));
    const hashes = await Promise.all(everybody.map(({ username }) => hashOf(username)));
    expect(hashes).toEqual(['locked', mike.encoded, 'locked', mike.encoded, mike.encoded]);
  });

  it('puts an old hash back, unless somebody else has written another one', async () => {
    const read = await named('susan');
    expect(await store.restorePassword(read, 'new')).toBe('unchanged');
    await write(read, 'new');
    expect(await store.restorePassword(read, 'new')).toBe('restored');
    expect(await hashOf('susan')).toBe(susan.encoded);
    await write(read, 'of somebody else');
    expect(await store.restorePassword(read, 'new')).toBe('changed');
    expect(await hashOf('susan')).toBe('of somebody else');
  });

  it('describes itself, and answers', async () => {
    const { places, hasUsernames, irrevocable } = store.description;
    expect(Object.values(places).every((place) => place !== '')).toBe(true);
    expect([hasUsernames, irrevocable]).toEqual([true, undefined]);
    await expect(store.ping()).resolves.toBeUndefined();
  });
}
