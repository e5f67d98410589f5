// For node's --import: as if the optional dependency sqlite3 could not be installed.
import { register } from 'node:module';

const hook = `export async function resolve(name, context, next) {
  if (name === 'sqlite3') throw Object.assign(new Error("Cannot find package 'sqlite3'"), { code: 'ERR_MODULE_NOT_FOUND' });
  return next(name, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
