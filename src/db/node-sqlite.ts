import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** What we use of `node:sqlite`; the types of Node 20 do not have it. */
export interface NodeSqlite {
  readonly DatabaseSync: new (path: string, options: object) => NodeDatabase;
}

interface NodeDatabase {
  exec(sql: string): void;
  prepare(sql: string): NodeStatement;
  close(): void;
}

interface NodeStatement {
  all(...bindings: readonly unknown[]): Record<string, unknown>[];
  run(...bindings: readonly unknown[]): { lastInsertRowid: bigint; changes: bigint };
  setReadBigInts(enabled: boolean): void;
}

/** As sqlite3 calls back; what a statement did is in `this`. */
type Done = (this: unknown, error: Error | null, rows?: unknown[]) => void;
type Rest = readonly [Done] | readonly [Bindings, Done];
type Bindings = readonly unknown[] | undefined;

/** SQLite's primary result codes, which sqlite3 gives by name. */
const CODES =
  'OK ERROR INTERNAL PERM ABORT BUSY LOCKED NOMEM READONLY INTERRUPT IOERR CORRUPT NOTFOUND FULL CANTOPEN PROTOCOL EMPTY SCHEMA TOOBIG CONSTRAINT MISMATCH MISUSE NOLFS AUTH FORMAT RANGE NOTADB'.split(
    ' ',
  );
/** Another process is writing and will be done soon. For any other kind of BUSY, waiting does not help. */
const BUSY = 5;
const PAUSE_MS = 10;

/** sqlite3's module over `node:sqlite`, as far as Knex's client and ours use it. */
export const createNodeDriver = ({ DatabaseSync }: NodeSqlite): object => ({
  OPEN_READWRITE: 0,
  Database: class {
    readonly #db: NodeDatabase | undefined;
    #busyTimeoutMs = 0;

    constructor(path: string, _flags: number, done: Done) {
      try {
        if (!existsSync(path)) throw failure('CANTOPEN', 'unable to open database file');
        this.#db = new DatabaseSync(path, { enableDoubleQuotedStringLiterals: true });
        queueMicrotask(() => {
          done.call(this, null);
        });
      } catch (error) {
        queueMicrotask(() => {
          done.call(this, translate(error));
        });
      }
    }

    configure(_name: 'busyTimeout', ms: number): void {
      this.#busyTimeoutMs = ms;
    }

    exec(sql: string, done: Done): void {
      this.#answer(done, (db) => {
        db.exec(sql);
        return {};
      });
    }

    /** Callers wait for each statement before the next. */
    serialize(work: () => void): void {
      work();
    }

    all(sql: string, ...rest: Rest): void {
      const [bindings, done] = readRest(rest);
      this.#answer(done, (db) => ({ rows: readRows(db.prepare(sql), bindings) }));
    }

    get(sql: string, ...rest: Rest): void {
      const [bindings, done] = readRest(rest);
      this.all(sql, bindings, function (error, rows) {
        done.call(this, error, rows?.[0] as unknown[] | undefined);
      });
    }

    run(sql: string, ...rest: Rest): void {
      const [bindings, done] = readRest(rest);
      this.#answer(done, (db) => {
        const { lastInsertRowid, changes } = db.prepare(sql).run(...toSqlite(bindings));
        return { self: { lastID: Number(lastInsertRowid), changes: Number(changes) } };
      });
    }

    prepare(sql: string, prepared: Done): object {
      let statement: NodeStatement | undefined;
      this.#answer(prepared, (db) => {
        statement = db.prepare(sql);
        return {};
      });
      return {
        all: (bindings: readonly unknown[], done: Done) => {
          this.#answer(done, () => ({ rows: statement ? readRows(statement, bindings) : [] }));
        },
        finalize: () => undefined, // closing the database does
      };
    }

    close(done: Done): void {
      this.#answer(done, (db) => {
        db.close();
        return {};
      });
    }

    /**
     * If SQLite itself waited for a lock, it would block the event loop, and with it the transaction that holds the
     * lock.
     */
    #answer(done: Done, work: (db: NodeDatabase) => { rows?: unknown[]; self?: unknown }): void {
      const attempt = async (): Promise<{ rows?: unknown[]; self?: unknown }> => {
        for (const giveUpAt = performance.now() + this.#busyTimeoutMs; ;) {
          try {
            if (!this.#db) throw failure('MISUSE', 'Database is closed');
            return work(this.#db);
          } catch (error) {
            const isBusy = (error as { errcode?: unknown }).errcode === BUSY;
            if (!isBusy || performance.now() > giveUpAt) throw translate(error);
          }
          await wait(PAUSE_MS);
        }
      };
      attempt().then(
        ({ rows, self }) => {
          done.call(self, null, rows);
        },
        (error: unknown) => {
          done.call(undefined, error as Error);
        },
      );
    }
  },
});

const readRest = (rest: Rest): readonly [Bindings, Done] => (rest.length === 1 ? [[], rest[0]] : rest);

function readRows(statement: NodeStatement, bindings: Bindings): unknown[] {
  statement.setReadBigInts(true);
  return statement
    .all(...toSqlite(bindings))
    .map((row) =>
      Object.fromEntries(Object.entries(row).map(([column, value]) => [column, fromSqlite(value)])),
    );
}

/** As sqlite3 gives them: every number as a JavaScript number, bytes as a Buffer. */
function fromSqlite(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  return value instanceof Uint8Array ? Buffer.from(value) : value;
}

/** As sqlite3 takes them. A whole number stays one: next to a text column 1 is '1', while 1.0 would be '1.0'. */
const toSqlite = (bindings: readonly unknown[] = []): unknown[] =>
  bindings.map((value) => {
    if (typeof value === 'boolean') return BigInt(value);
    if (value instanceof Date) return BigInt(value.getTime());
    if (Number.isSafeInteger(value)) return BigInt(value as number);
    return value === undefined ? null : value;
  });

const failure = (code: string, message: string): Error =>
  Object.assign(new TypeError(`SQLITE_${code}: ${message}`), { code: `SQLITE_${code}` });

/** With the code by which `db/errors.ts` knows it. */
function translate(error: unknown): Error {
  const { errcode, message } = error as { errcode?: number; message?: string };
  const code = errcode === undefined ? undefined : CODES[errcode & 0xff];
  return code === undefined
    ? (error as Error)
    : Object.assign(failure(code, message ?? ''), { errno: errcode, cause: error });
}
